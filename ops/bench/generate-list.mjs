// A fictitious (架空) operator's list of any size as CSV, the same for the same seed; records of about 4 KB.
//   node generate-list.mjs COUNT [SEED] [USAGE] [FROM]
//   USAGE: what (13) says, to make a list that differs in nothing else; FROM: leaves out so many services at the beginning
import {readFileSync} from 'node:fs';

const [count = '500', seed = '1', usage = '3', from = '0'] = process.argv.slice(2);
const objectives = readFileSync(new URL('../../registry/data/control-objectives.txt', import.meta.url), 'utf8')
  .trim().split('\n');

let state = Number(seed) >>> 0;
function random(n) {  // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

// 12 digits and the check digit before them.
function corporateNumber() {
  const digits = Array.from({length: 12}, () => random(10));
  const sum = digits.reduce((s, d, i) => s + d * ((11 - i) % 2 === 0 ? 1 : 2), 0);
  return `${9 - (sum % 9)}${digits.join('')}`;
}

const quoted = text => `"${text.replaceAll('"', '""')}"`;
const sentence = '本サービスは利用者の業務を支援する機能を提供し、その開発、運用及び保守を対象に含む。';
const header = ['登録番号', '(1)クラウドサービスの名称', '名称（英語）', '(2)ホームページのURL', '(3)クラウドサービス事業者の名称', '(3)所在地',
  '法人番号', '(4)登録日', '(5)登録の有効期限', '(6)言明の対象範囲', '対象サービス', '対象外', 'リージョン', '管理基準の版',
  '(7)実施している統制目標の管理策', '実施していない統制目標（理由）', '(8)監査対象期間（自）', '(8)監査対象期間（至）', '(9)後発事象',
  '(10)改善計画書の有無', '(11)資本関係及び役員等', '(11)国内法以外の法令の適用', '(11)準拠法・裁判管轄', '(11)第三者による検査',
  '(12)特記事項', '(13)利用中の政府機関等の数'];

const rows = [header.join(',')];
for (let n = 0; n < Number(count); ++n) {
  const id = `L${String(20 + Math.floor(n / 9999)).padStart(2, '0')}-${String(n % 9999 + 1).padStart(4, '0')}`;
  const row = [id, `架空 計測クラウド${n + 1}`, `Fictitious Bench ${n + 1}`, `https://bench${n + 1}.example.jp/`, `株式会社架空計測${n + 1}`,
    '東京都千代田区霞が関０丁目１番１号', corporateNumber(), '2026-05-01', '2027-04-30', sentence.repeat(4 + random(8)),
    '基本機能\nAPI', '生成AI機能', '東京', '2022-04-01', objectives.join('\n'), '', '2025-01-01', '2025-12-31', 'なし', '無',
    '資本金1億円。', '該当なし', '準拠法：日本法。', '年1回、第三者による脆弱性診断を実施。', '', usage].map(quoted).join(',');
  if (n >= Number(from)) rows.push(row);
}
process.stdout.write('\ufeff' + rows.join('\r\n') + '\r\n');
