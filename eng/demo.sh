#!/usr/bin/env bash
# Orders that succeed, are declined, are out of stock and are cancelled, in a shop that runs (dotnet run --project AppHost), and the way each of them took.
#   eng/demo.sh [gateway]     by default http://localhost:8080
# Needs curl. Ends with 0 if every order came to the end that it was made for.
set -euo pipefail

gateway=${1:-http://localhost:8080}
patience=${DEMO_PATIENCE:-60} # seconds for an order to come to its end
failed=0

die() {
  echo "demo.sh: $*" >&2
  exit 1
}

# The first value of a field of a JSON document: field NAME <json. Good for what this shop answers, not for any JSON.
field() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/;T;p;q"; }

call() { curl --silent --show-error --fail-with-body --max-time 30 --header "Authorization: Bearer $token" "$@"; }

get_token() {
  local answer
  answer=$(curl --silent --show-error --max-time 30 "$gateway/identity/connect/token" \
    -d grant_type=client_credentials -d client_id=demo-alice -d client_secret=known-to-everybody -d scope=orders) || die "nobody answers at $gateway; is the shop running?"
  token=$(field access_token <<<"$answer")
  [[ -n $token ]] || die "no token: $answer"
}

# One product a line: id, how many can be ordered, name. The inventory tells the catalogue soon after the first start.
products() {
  curl --silent --show-error --fail --max-time 30 "$gateway/api/catalog/products?pageSize=100&page=$1" |
    sed 's/},{"id"/}\n{"id"/g' | sed -n 's/.*"id":"\([^"]*\)","name":"\(\([^"\\]\|\\.\)*\)".*"available":\([0-9][0-9]*\).*/\1 \4 \2/p'
}

find_products() {
  local page id available name
  for ((second = 0; second < patience; second++)); do
    for page in 1 2 3; do
      while read -r id available name; do
        ((available < 20)) || plenty=${plenty:-$id}
        ((available > 0)) || none=${none:-$id}
      done < <(products "$page")
    done
    [[ -n ${plenty:-} && -n ${none:-} ]] && return
    sleep 1
  done
  die "no product that can be ordered, or none that is sold out"
}

# order PRODUCT QUANTITY TOKEN: places it and prints its id.
order() {
  local body answer
  body='{"lines":[{"productId":"'$1'","quantity":'$2'}],"shippingAddress":{"name":"Ada Lovelace","street":"St James'"'"'s Square 12","postalCode":"SW1Y 4JH","city":"London","country":"GB"},"paymentToken":"'$3'"}'
  answer=$(call "$gateway/api/ordering/orders" -H 'Content-Type: application/json' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" -d "$body") || die "not ordered: $answer"
  field id <<<"$answer"
}

# show TITLE ORDER STATUS: waits for the end of an order and prints its timeline.
show() {
  local title=$1 id=$2 expected=$3 answer='' status=''
  for ((tries = 0; tries < patience * 5; tries++)); do
    answer=$(call "$gateway/api/ordering/orders/$id") || die "order $id: $answer"
    status=$(grep -o '"status":"[A-Za-z]*"' <<<"$answer" | sed -n '1s/.*:"\(.*\)"/\1/p')
    case $status in Completed | Rejected | Cancelled) break ;; esac
    sleep 0.2
  done
  printf '\n%s: order %s\n' "$title" "$id"
  sed 's/.*"timeline":\[//' <<<"$answer" | grep -o '"status":"[A-Za-z]*","at":"[^"]*"' | sed 's/"status":"\([A-Za-z]*\)","at":"\([^"]*\)"/  \2  \1/'
  local reason
  reason=$(field reason <<<"$answer")
  [[ -z $reason || $reason == null ]] || echo "  $reason"
  if [[ $status != "$expected" ]]; then
    echo "  NOT WHAT IT WAS MADE FOR: it should be $expected"
    failed=1
  fi
}

# receipt ORDER: prints the receipt of an order, without its markup.
receipt() {
  local answer
  answer=$(call "$gateway/api/ordering/orders/$1") || die "order $1: $answer"
  printf '\n'
  curl --silent --show-error --fail-with-body --max-time 30 "$gateway/api/receipts" -H 'Content-Type: application/json' --data-binary @- <<<"$answer" |
    sed 's/<title>.*<\/style>//; s/<\/t[dh]>/   /g; s/<br>/\n/g; s/<[^>]*>//g; s/&#x27;/'"'"'/g; s/&amp;/\&/g' | sed -n 's/ *$//; /./s/^/  /p' || die 'no receipt'
}

get_token
find_products
fine=$(order "$plenty" 2 tok_visa)
declined=$(order "$plenty" 1 tok_declined)
sold_out=$(order "$none" 1 tok_visa)
# Its payment takes a while, so there is time to change one's mind.
regretted=$(order "$plenty" 1 tok_pending)
call --output /dev/null --request POST "$gateway/api/ordering/orders/$regretted/cancel" || die "order $regretted could not be cancelled"

show 'Bought' "$fine" Completed
((failed)) || receipt "$fine"
show 'Declined' "$declined" Cancelled
show 'Out of stock' "$sold_out" Rejected
show 'Cancelled by the customer' "$regretted" Cancelled
exit "$failed"
