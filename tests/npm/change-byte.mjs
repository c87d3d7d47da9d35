#!/usr/bin/env node
// Copies a file with one byte changed to one that means something else.
//   node change-byte.mjs FILE AT OUT      AT: 0 is the first byte
import {readFileSync, writeFileSync} from 'node:fs';
import {with_changed_byte} from './reader.mjs';

const [file, at, out] = process.argv.slice(2);
writeFileSync(out, with_changed_byte(readFileSync(file), Number(at)));
