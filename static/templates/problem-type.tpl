{{%AUTOESCAPE context="HTML"}}
<h1>{{TITLE}}</h1>
<p>{{#HAS_STATUS}}{{L_STATUS}} {{STATUS}}. {{/HAS_STATUS}}type: <code>/problems/{{SLUG}}</code>. <a href="{{OTHER_URL}}" hreflang="{{OTHER_LANG}}" lang="{{OTHER_LANG}}">{{OTHER}}</a></p>
<h2>{{L_MEANING}}</h2>
<p>{{MEANING}}</p>
<h2>{{L_REMEDY}}</h2>
<p>{{REMEDY}}</p>
{{#HAS_ARTICLES}}
<h2>{{L_ARTICLES}}</h2>
<p>{{L_ARTICLES_INTRO}}</p>
<ul class="list">
{{#ARTICLE}}<li><code>{{NUMBER}}</code>{{#SAYS}} <span lang="en">{{TEXT}}</span>{{/SAYS}}</li>
{{/ARTICLE}}
</ul>
{{/HAS_ARTICLES}}
<p><a href="{{INDEX_URL}}">{{L_INDEX}}</a></p>
