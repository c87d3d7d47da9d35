{{%AUTOESCAPE context="HTML"}}<time datetime="{{ISO}}">{{TEXT}}</time>
