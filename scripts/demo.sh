#!/bin/sh
# The main job on the shipped samples: a person imports papers, finds one, and hands it to a practitioner, who checks and opens it.
# Everything happens in the folder `demo/`, made anew at each run; nothing of yours is touched.
set -eu

cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
rm -rf demo
cp -R samples/papers/. demo
cd demo

bold= plain= dim=
if [ -t 1 ]; then bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m'); fi

say() { printf '\n%s# %s%s\n' "$bold" "$1" "$plain"; }
run() {
    line='$'
    for word in "$@"; do
        case $word in *' '*) line="$line \"$word\"" ;; *) line="$line $word" ;; esac
    done
    printf '%s%s%s\n' "$dim" "$line" "$plain"
    "$@"
}
# Two people, two machines: each has a vault and a passphrase of their own.
as_zoe() { export MONESPACE_VAULT=$PWD/zoe MONESPACE_PASSPHRASE_FILE=$PWD/zoe.passphrase; }
as_durand() { export MONESPACE_VAULT=$PWD/durand MONESPACE_PASSPHRASE_FILE=$PWD/durand.passphrase; }
printf 'la clef sous le pot de menthe\n' >zoe.passphrase
printf 'quatre chaises et un tabouret\n' >durand.passphrase

say "Zoé makes a vault. Her passphrase comes from a file here; at a terminal she would be asked for it."
as_zoe
run monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --recovery-kit

say "She imports a photo of a prescription, a PDF of results, and a folder of scans. Each is read and encrypted."
run monespace import ordonnance.jpg resultats.pdf scans/

say "Two years later a word is enough, with or without its accents."
run monespace search hemoglobine
run monespace search valsartan OR escitalopram --kind prescription

say "Dr Durand has a vault too, and hands out his card."
as_durand
run monespace init --practitioner --family-name DURAND --given-name Luc --profession physician --rpps 10001234567 --no-recovery-kit
run monespace card export -o durand.card

say "Zoé takes the card in. He reads his eight words to her on the phone, so that she knows that the card is his."
words=$(monespace card show --json | sed 's/.*"words": \[\([^]]*\)\].*/\1/; s/[",]//g')
as_zoe
run monespace contact add durand.card
run monespace contact verify DURAND --words "$words"
run monespace card export -o zoe.card

say "She hands him the results: signed by her, encrypted to him, and to nobody else."
document=$(monespace search hemoglobine --limit 1 --quiet | cut -f 1)
run monespace share --to DURAND --document "$document" --purpose "Consultation du 3 décembre" -o for-durand.age --yes

say "He takes her card in, compares her words the same way, and checks what she sent."
words=$(monespace card show --json | sed 's/.*"words": \[\([^]]*\)\].*/\1/; s/[",]//g')
as_durand
run monespace contact add zoe.card
run monespace contact verify MARTIN --words "$words"
run monespace bundle verify for-durand.age
run monespace bundle show for-durand.age

say "He opens it into a folder, or takes it into his own vault, where it can be found as well."
run monespace bundle open for-durand.age --into opened
run monespace bundle import for-durand.age
run monespace search hemoglobine

say "Change one byte on the way, and it is noticed."
cp for-durand.age changed.age
printf 'X' | dd of=changed.age bs=1 seek=5000 conv=notrunc 2>/dev/null
run monespace bundle verify changed.age || printf '(exit status %s)\n' $?

say "It is all in the folder demo/. Try: MONESPACE_VAULT=demo/zoe MONESPACE_PASSPHRASE_FILE=demo/zoe.passphrase .venv/bin/monespace status"
