{{%AUTOESCAPE context="HTML"}}
<h1>{{L_TITLE}}</h1>
<p>{{L_INTRO}} <a href="{{OTHER_URL}}" hreflang="{{OTHER_LANG}}" lang="{{OTHER_LANG}}">{{OTHER}}</a></p>
<div class="wide">
<table>
<caption>{{L_TITLE}}</caption>
<thead>
<tr><th scope="col">{{L_STATUS}}</th><th scope="col">{{L_NAME}}</th><th scope="col">{{L_MEANING}}</th></tr>
</thead>
<tbody>
{{#ROW}}
<tr><td>{{STATUS}}</td><th scope="row"><a href="{{URL}}">{{TITLE}}</a></th><td>{{MEANING}}</td></tr>
{{/ROW}}
</tbody>
</table>
</div>
