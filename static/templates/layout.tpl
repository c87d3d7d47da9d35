{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}} | ISMAP-LIUクラウドサービスリスト（見本）</title>
<link rel="stylesheet" href="/css/register.css">
<link rel="alternate" type="application/atom+xml" title="変更の履歴" href="/v1/events.atom">
</head>
<body>
<a class="skip" href="#main">本文へ移動</a>
<header>
<p class="site"><a href="/">ISMAP-LIUクラウドサービスリスト</a></p>
<p class="sample"><strong>見本です。</strong>掲載しているサービスと番号はすべて架空のもので、公式の一覧ではありません。</p>
{{#REHEARSAL}}
<p class="banner stop"><strong>予行です。</strong>このサーバーの時計は実際の時刻ではありません。日付、署名及び登録の状態に効力はありません。</p>
{{/REHEARSAL}}
</header>
<main id="main">
{{>BODY}}
</main>
<footer>
<p>この一覧のデータ：<a href="/v1/list.json">JSON</a>、<a href="/v1/list.csv">CSV</a>、<a href="/v1/list.jwt">署名付き（JWT）</a>、<a href="/v1/events.atom">Atom</a>、<a href="/log/checkpoint">ログのチェックポイント</a>。<a href="/reference">APIの手引</a>、<a href="/problems">拒否の種類</a></p>
</footer>
</body>
</html>
