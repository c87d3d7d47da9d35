{{%AUTOESCAPE context="HTML"}}
{{#HAS_MEMBERS}}
<div class="wide">
<table>
<caption>{{L_MEMBERS}}</caption>
<thead>
<tr><th scope="col">{{L_NAME}}</th><th scope="col">{{L_TYPE}}</th><th scope="col">{{L_MEANING}}</th></tr>
</thead>
<tbody>
{{#MEMBER}}
<tr><th scope="row"><code>{{NAME}}</code>{{#REQUIRED}} <strong>{{L_REQUIRED}}</strong>{{/REQUIRED}}</th><td>{{>TYPE}}</td><td lang="en">{{SAYS}}</td></tr>
{{/MEMBER}}
</tbody>
</table>
</div>
{{/HAS_MEMBERS}}
{{#HAS_ALTERNATIVES}}
<div class="wide">
<table>
<caption>{{L_ALTERNATIVES}}</caption>
<thead>
<tr><th scope="col">{{L_NAME}}</th><th scope="col">{{L_MEANING}}</th><th scope="col">{{L_MEMBERS}}</th></tr>
</thead>
<tbody>
{{#ALTERNATIVE}}
<tr><th scope="row">{{>TYPE}}</th><td lang="en">{{SAYS}}</td><td>{{#MEMBER}}<code>{{NAME}}</code>{{#REQUIRED}} <strong>{{L_REQUIRED}}</strong>{{/REQUIRED}} {{>TYPE}}<br>{{/MEMBER}}</td></tr>
{{/ALTERNATIVE}}
</tbody>
</table>
</div>
{{/HAS_ALTERNATIVES}}
