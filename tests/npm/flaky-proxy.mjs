#!/usr/bin/env node
// A way to a server that is not to be relied on: of each path it refuses the first request with 503, the second with 429,
// and loses the answer to the third after the server gave it. From then on it passes everything on.
//   node flaky-proxy.mjs TARGET PORT
import http from 'node:http';

const [target, port] = process.argv.slice(2);
const asked = new Map();

function refuse(response, status, slug) {
  const problem = {type: `/problems/${slug}`, title: 'flaky', status, detail: 'flaky', errors: []};
  response.writeHead(status, {'Content-Type': 'application/problem+json', 'Retry-After': '1'});
  response.end(JSON.stringify(problem));
}

http.createServer((request, response) => {
  const what = `${request.method} ${request.url}`;
  const time = (asked.get(what) ?? 0) + 1;
  asked.set(what, time);
  const body = [];
  request.on('data', (part) => body.push(part));
  request.on('end', () => {
    if (time === 1) return refuse(response, 503, 'unavailable');
    if (time === 2) return refuse(response, 429, 'too-many-requests');
    const passed = http.request(target + request.url, {method: request.method, headers: request.headers}, (answer) => {
      if (time === 3) {
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.end(Buffer.concat(body));
  });
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
