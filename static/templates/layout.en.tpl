{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}} | ISMAP-LIU cloud service list (sample)</title>
<link rel="stylesheet" href="/css/register.css">
<link rel="alternate" type="application/atom+xml" title="Changes" href="/v1/events.atom">
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>
<p class="site"><a href="/" lang="ja" hreflang="ja">ISMAP-LIUクラウドサービスリスト</a></p>
<p class="sample"><strong>A sample.</strong> All services and numbers are fictitious; this is not the official list.</p>
{{#REHEARSAL}}
<p class="banner stop"><strong>A rehearsal.</strong> The clock of this server is not the real one. Days, signatures and states have no effect.</p>
{{/REHEARSAL}}
</header>
<main id="main">
{{>BODY}}
</main>
<footer>
<p>The data: <a href="/v1/list.json">JSON</a>, <a href="/v1/list.csv">CSV</a>, <a href="/v1/list.jwt">signed (JWT)</a>, <a href="/v1/events.atom">Atom</a>, <a href="/log/checkpoint">checkpoint of the log</a>. <a href="/en/reference">Reference of the API</a>, <a href="/en/problems">kinds of refusal</a>.</p>
</footer>
</body>
</html>
