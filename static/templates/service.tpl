{{%AUTOESCAPE context="HTML"}}
<h1>{{NAME}}</h1>
<p>登録番号 {{ID}}　登録の状態：<strong>{{STATE}}</strong></p>
{{#REMOVED}}
<p class="banner stop"><strong>登録は削除されました。</strong>{{>ON}}付け（{{ARTICLE}}）</p>
{{/REMOVED}}
{{#SUSPENDED}}
<p class="banner stop"><strong>登録は一時停止中です。</strong>{{>SINCE}}から（{{ARTICLE}}）</p>
{{/SUSPENDED}}
{{#RE_AUDIT}}
<p class="banner"><strong>再監査中です。</strong>{{>SINCE}}から（{{ARTICLE}}）</p>
{{/RE_AUDIT}}
{{#RENEWING}}
<p class="banner"><strong>更新を申請中です。</strong>{{>FILED_ON}}申請。決定までは、有効期限を過ぎても登録は有効です（12.1）。</p>
{{/RENEWING}}
<h2>掲載事項</h2>
<div class="wide">
<table class="items">
<caption>登録規則 11.5 が定める掲載事項</caption>
<thead>
<tr><th scope="col">条項</th><th scope="col">事項</th><th scope="col">内容</th></tr>
</thead>
<tbody>
<tr><td>11.5(1)</td><th scope="row">クラウドサービスの名称</th><td>{{NAME}}</td></tr>
<tr><td>11.5(2)</td><th scope="row">ホームページのURL</th><td><a href="{{URL}}" rel="external nofollow">{{URL}}</a></td></tr>
<tr><td>11.5(3)</td><th scope="row">クラウドサービス事業者</th><td>{{PROVIDER}}<br>{{ADDRESS}}<br>法人番号 {{CORPORATE_NUMBER}}</td></tr>
<tr><td>11.5(4)</td><th scope="row">登録日</th><td>{{>REGISTERED_ON}}</td></tr>
<tr><td>11.5(5)</td><th scope="row">登録の有効期限</th><td>{{>EXPIRES_ON}}</td></tr>
<tr><td>11.5(6)</td><th scope="row">言明の対象範囲</th><td>
<p class="text">{{SCOPE}}</p>
<h3>対象サービス</h3>
{{#NO_SCOPE_ITEM}}<p>記載なし</p>{{/NO_SCOPE_ITEM}}
<ul class="list">
{{#SCOPE_ITEM}}<li>{{TEXT}}</li>
{{/SCOPE_ITEM}}
</ul>
<h3>対象外</h3>
{{#NO_SCOPE_EXCLUDED}}<p>記載なし</p>{{/NO_SCOPE_EXCLUDED}}
<ul class="list">
{{#SCOPE_EXCLUDED}}<li>{{TEXT}}</li>
{{/SCOPE_EXCLUDED}}
</ul>
<h3>リージョン</h3>
{{#NO_REGION}}<p>記載なし</p>{{/NO_REGION}}
<ul class="list">
{{#REGION}}<li>{{TEXT}}</li>
{{/REGION}}
</ul>
</td></tr>
<tr><td>11.5(7)</td><th scope="row">実施している統制目標の管理策</th><td>
<p>管理基準の版：{{>EDITION}}</p>
<p>実施（{{IMPLEMENTED_COUNT}}件）：{{IMPLEMENTED}}</p>
<h3>実施していない統制目標と理由</h3>
{{#NO_EXCLUDED_CONTROL}}<p>なし</p>{{/NO_EXCLUDED_CONTROL}}
<ul class="list">
{{#EXCLUDED_CONTROL}}<li>{{CONTROL}}：{{REASON}}</li>
{{/EXCLUDED_CONTROL}}
</ul>
</td></tr>
<tr><td>11.5(8)</td><th scope="row">監査対象期間</th><td>{{>AUDIT_FROM}}から{{>AUDIT_TO}}まで</td></tr>
<tr><td>11.5(9)</td><th scope="row">後発事象</th><td class="text">{{SUBSEQUENT_EVENTS}}</td></tr>
<tr><td>11.5(10)</td><th scope="row">改善計画書の有無</th><td>{{IMPROVEMENT_PLAN}}</td></tr>
<tr><td>11.5(11)</td><th scope="row">7.5において提供する情報</th><td>
<h3>資本関係及び役員等（7.5(1)）</h3>
<p class="text">{{CAPITAL}}</p>
<h3>国内法以外の法令の適用（7.5(2)）</h3>
<p class="text">{{FOREIGN_LAW}}</p>
<h3>準拠法・裁判管轄（7.5(3)）</h3>
<p class="text">{{JURISDICTION}}</p>
<h3>第三者による検査（7.5(4)）</h3>
<p class="text">{{TESTS}}</p>
</td></tr>
<tr><td>11.5(12)</td><th scope="row">特記事項</th><td class="text">{{REMARKS}}</td></tr>
<tr><td>11.5(13)</td><th scope="row">利用中の政府機関等の数</th><td>{{AGENCIES}}</td></tr>
</tbody>
</table>
</div>
<h2>履歴</h2>
<div class="wide">
<table>
<caption>この登録についての事象（古い順）</caption>
<thead>
<tr><th scope="col">効力の日</th><th scope="col">事象</th><th scope="col">条項</th><th scope="col">記録の時刻（UTC）</th><th scope="col">記録</th></tr>
</thead>
<tbody>
{{#EVENT}}
<tr><td>{{>EFFECTIVE}}</td><td>{{EVENT_TITLE}}</td><td>{{ARTICLE}}</td><td><time datetime="{{RECORDED_AT}}">{{RECORDED_AT}}</time></td><td><a href="/v1/events/{{SEQ}}.json">{{SEQ}}番</a></td></tr>
{{/EVENT}}
</tbody>
</table>
</div>
<p>このサービスのデータ：<a href="/v1/services/{{ID}}">JSON</a>、<a href="/v1/records/{{ID}}.jwt">署名付きの証明（JWT）</a>、<a href="/v1/services/{{ID}}.atom">Atom</a></p>
