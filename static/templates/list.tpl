{{%AUTOESCAPE context="HTML"}}
<h1>登録されているサービス</h1>
<form action="/" method="get" role="search">
<p><label for="q">名称、事業者、登録番号、対象範囲から探す</label></p>
<p><input id="q" name="q" type="search" value="{{Q}}" autocomplete="off"> <button type="submit">検索</button></p>
</form>
<p>{{#SEARCHED}}「{{Q}}」を含むサービス：{{/SEARCHED}}{{TOTAL}}件（一覧の版 {{VER}}、{{>SIGNED_ON}}公表）。登録を削除されたサービスは、この表に含みません。{{#SEARCHED}}<a href="/">検索をやめる</a>{{/SEARCHED}}</p>
{{#NONE}}
<p>当てはまるサービスはありません。</p>
{{/NONE}}
{{#SOME}}
<div class="wide">
<table>
<caption>登録されているサービスの一覧</caption>
<thead>
<tr>
<th scope="col">登録番号</th>
<th scope="col">サービスの名称</th>
<th scope="col">事業者</th>
<th scope="col">一時停止・再監査</th>
<th scope="col">有効期限</th>
</tr>
</thead>
<tbody>
{{#ROW}}
<tr>
<td>{{ID}}</td>
<th scope="row"><a href="/services/{{ID}}">{{NAME}}</a></th>
<td>{{PROVIDER}}</td>
<td>{{#SUSPENDED}}<strong class="flag stop">一時停止中（{{ARTICLE}}）</strong> {{/SUSPENDED}}{{#RE_AUDIT}}<strong class="flag">再監査中（{{ARTICLE}}）</strong>{{/RE_AUDIT}}{{#NO_FLAG}}なし{{/NO_FLAG}}</td>
<td>{{>EXPIRES_ON}}{{#RENEWING}}<br>更新を申請中（12.1）{{/RENEWING}}</td>
</tr>
{{/ROW}}
</tbody>
</table>
</div>
{{/SOME}}
{{#NEXT}}
<p><a rel="next" href="{{NEXT_URL}}">次のページ</a></p>
{{/NEXT}}
