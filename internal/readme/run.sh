#!/usr/bin/env bash
# run.sh [SECTION...] does what spec/dist/README.md tells a stranger to do, with the text of its blocks: it starts the
# emulator and the proxy, and for each section, or those named, saves the files and runs the commands in an empty folder.
# What a section prints at its end, without colours, must be what the page says that it prints.
#
# A block of sh is run. A block of text is what is printed. Any other block is a file, whose name begins the line before
# it: `show.py`: The first block of "Try it" starts the servers, the second sets the environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
set -m # a group of processes for the servers, which is ended as a whole
servers= # 0 would be the group of whatever runs this
trap '[ -z "$servers" ] || kill -- -"$servers" 2>/dev/null || true; rm -rf "$work"' EXIT

# Writes for each section its folder: run, expected, title and the files, numbered.
awk -v work="$work" '
	function path(name) { return work "/" section "/" name }
	/^#/ && !block { heading = $0; sub(/^#+ /, "", heading) }
	/^## / && !block { section = heading == "Try it" ? 0 : -1 }
	/^## / && !block { runs = heading ~ /^With the / }
	/^### / && !block && runs { section = ++sections; system("mkdir -p " path("files")); print heading >>path("title") }
	/^```/ && !block && section >= 0 {
		block = substr($0, 4)
		if (block == "sh" && section == 0) to = work "/" (++blocks == 1 ? "servers" : "environment")
		else if (block == "sh") to = path("run")
		else if (block == "text") to = path("expected")
		else if (name == "") { print "no name for the block at line " NR >"/dev/stderr"; exit 1 }
		else {
			to = path("files/" ++files)
			print "mkdir -p $(dirname " name ") && cp $FILES/" files " " name >>path("run")
			close(path("run"))
		}
		name = ""
		next
	}
	/^```/ { close(to); block = ""; next }
	block { print >>to; next }
	/^[^`]/ { name = "" }
	/^`[^`]+`.*:$/ { name = $0; sub(/^`/, "", name); sub(/`.*/, "", name) }
' spec/dist/README.md

touch "$work/log" # before grep reads it
bash "$work/servers" >"$work/log" 2>&1 &
servers=$!
export NIM_BASE_URL="" NIM_PROXY_URL="" NIM_APP_KEY="" NIM_APP_SECRET="" # the page sets them
for _ in $(seq 1500); do
	[ "$(grep -c '^Stop it' "$work/log")" -lt 2 ] && ! grep -q '^exit status' "$work/log" || break # go run writes this at the end of a server
	sleep 0.2
done
[ "$(grep -c '^Stop it' "$work/log")" = 2 ] || { cat "$work/log"; echo "the servers did not start"; exit 1; }

passed=0 failed=0
for section in $(cd "$work" && printf '%s\n' [0-9]* | sort -n); do
	title=$(cat "$work/$section/title")
	[ $# = 0 ] || printf '%s\n' "$@" | grep -qxF "$title" || continue
	began=$SECONDS
	mkdir "$work/empty"
	if (cd "$work/empty" && FILES="$work/$section/files" bash -euo pipefail -c '. "$0"; . "$1"' "$work/environment" "$work/$section/run") >"$work/output" 2>&1 </dev/null &&
		[ -s "$work/$section/expected" ] &&
		sed 's/\x1b\[[0-9;]*m//g' "$work/output" | tail -n "$(wc -l <"$work/$section/expected")" | cmp -s - "$work/$section/expected"; then
		echo "ok     $title $((SECONDS - began))s"
		passed=$((passed + 1))
	else
		echo "FAILED $title $((SECONDS - began))s; it printed:"
		tail -n 40 "$work/output"
		failed=$((failed + 1))
	fi
	rm -rf "$work/empty"
done
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" = 0 ]
