{{%AUTOESCAPE context="HTML"}}
<h1>{{L_TITLE}}</h1>
<p>{{L_INTRO}} <a href="/openapi.json">OpenAPI 3.1 (JSON)</a>. <a href="{{PROBLEMS_URL}}">{{L_PROBLEMS}}</a>. <a href="{{OTHER_URL}}" hreflang="{{OTHER_LANG}}" lang="{{OTHER_LANG}}">{{OTHER}}</a></p>
<nav aria-label="{{L_CONTENTS}}">
<ul class="list">
{{#CONTENT}}
<li><a href="#tag-{{TAG}}">{{TAG_TITLE}}</a>
<ul class="list">
{{#ENTRY}}
<li><a href="#{{ID}}">{{SUMMARY}}</a></li>
{{/ENTRY}}
</ul>
</li>
{{/CONTENT}}
<li><a href="#schemas">{{L_SCHEMAS}}</a></li>
</ul>
</nav>
{{#GROUP}}
<section aria-labelledby="tag-{{TAG}}">
<h2 id="tag-{{TAG}}">{{TAG_TITLE}}</h2>
<p>{{TAG_SAYS}}</p>
{{#OPERATION}}
<h3 id="{{ID}}">{{SUMMARY}}</h3>
<p><code>{{METHOD}} {{PATH}}</code></p>
<p>{{DESCRIPTION}}</p>
<p>{{L_WHO}}: {{WHO}}</p>
{{#HAS_PARAMETERS}}
<div class="wide">
<table>
<caption>{{L_PARAMETERS}}</caption>
<thead>
<tr><th scope="col">{{L_NAME}}</th><th scope="col">{{L_IN}}</th><th scope="col">{{L_TYPE}}</th><th scope="col">{{L_MEANING}}</th></tr>
</thead>
<tbody>
{{#PARAMETER}}
<tr><th scope="row"><code>{{NAME}}</code>{{#REQUIRED}} <strong>{{L_REQUIRED}}</strong>{{/REQUIRED}}</th><td>{{IN}}</td><td>{{>TYPE}}</td><td>{{SAYS}}{{#HAS_EXAMPLE}} {{L_EXAMPLE}}: <code>{{EXAMPLE}}</code>{{/HAS_EXAMPLE}}</td></tr>
{{/PARAMETER}}
</tbody>
</table>
</div>
{{/HAS_PARAMETERS}}
{{#BODY_OF_REQUEST}}
<p>{{L_BODY}}: {{>TYPE}} (<code>application/json</code>)</p>
{{>MEMBERS}}
{{/BODY_OF_REQUEST}}
{{#EXAMPLE_OF_REQUEST}}
<p>{{L_EXAMPLE}}: <span lang="en">{{NAME}}</span></p>
<pre><code>{{TEXT:pre_escape}}</code></pre>
{{/EXAMPLE_OF_REQUEST}}
<div class="wide">
<table>
<caption>{{L_ANSWERS}}</caption>
<thead>
<tr><th scope="col">{{L_STATUS}}</th><th scope="col">{{L_MEANING}}</th><th scope="col">{{L_CONTENT}}</th></tr>
</thead>
<tbody>
{{#ANSWER}}
<tr><td>{{STATUS}}</td><td>{{SAYS}}</td><td>{{#MEDIA}}<code>{{MEDIA_TYPE}}</code>{{/MEDIA}}{{#HAS_TYPE}} {{>TYPE}}{{/HAS_TYPE}}</td></tr>
{{/ANSWER}}
{{#REFUSAL}}
<tr><td>{{STATUS}}</td><td><a href="{{URL}}">{{TITLE}}</a></td><td><code>application/problem+json</code></td></tr>
{{/REFUSAL}}
</tbody>
</table>
</div>
{{/OPERATION}}
</section>
{{/GROUP}}
<section aria-labelledby="schemas">
<h2 id="schemas">{{L_SCHEMAS}}</h2>
{{#SCHEMA}}
<h3 id="schema-{{NAME}}">{{NAME}}</h3>
{{#HAS_SAYS}}<p lang="en">{{SAYS}}</p>{{/HAS_SAYS}}
<p>{{L_TYPE}}: {{>TYPE}}</p>
{{>MEMBERS}}
{{/SCHEMA}}
</section>
