#!/usr/bin/env bash
# Includes point one way: server → feed → registry. Prints those that do not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# No file of the layer $1 includes one of the layers that match $2.
no_include() {
  local found
  found=$(grep -rnE --include='*.h' --include='*.cc' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" "$1" || [[ $? == 1 ]])
  [[ -z $found ]] && return 0
  printf 'against server -> feed -> registry:\n%s\n' "$found"
  return 1
}

no_include registry 'feed/|server/|\.\./|httplib|openssl/ssl|ctemplate|spdlog'
no_include feed 'server/|\.\./|httplib|openssl/ssl|ctemplate|spdlog'
# A verifier needs no database: whoever takes feed/verify/ takes no register with it.
no_include feed/verify 'lmdb|registry/(lmdb|journal|tables|ledger|registrar)|feed/(list|snapshot|publication|generation)\.h'
