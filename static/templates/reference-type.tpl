{{%AUTOESCAPE context="HTML"}}{{#LINKED}}<a href="#schema-{{TARGET}}">{{TEXT}}</a>{{/LINKED}}{{#PLAIN}}<code>{{TEXT}}</code>{{/PLAIN}}
