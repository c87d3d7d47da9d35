{{%AUTOESCAPE context="HTML"}}
<h1>{{HEADING}}</h1>
<ul>
{{#REASON}}
<li>{{TEXT}}{{#HAS_ARTICLE}}（{{ARTICLE}}）{{/HAS_ARTICLE}}</li>
{{/REASON}}
</ul>
<p>状態コード：{{STATUS}}</p>
<p><a href="/">一覧へ戻る</a></p>
