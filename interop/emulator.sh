# Sourced by the scripts beside it: start_emulator open|strict builds and serves an emulator with these accounts on a
# free port until the script ends, and sets BASE_URL, APP_KEY and APP_SECRET. The program is that of this folder and not
# nimroom, so that these suites need not run again for each change of the command line.
APP_KEY=interop
APP_SECRET=not-a-secret

start_emulator() {
	local log
	work=${work:-$(mktemp -d)}
	log=$(mktemp -p "$work")
	(cd "$(dirname "${BASH_SOURCE[0]}")" && go build -o "$work/emulator" .)
	"$work/emulator" -serve "$1" >"$log" 2>&1 &
	# shellcheck disable=SC2064 # the process of now
	trap "kill $! 2>/dev/null; rm -rf '$work'" EXIT
	for _ in $(seq 100); do
		BASE_URL=$(sed -n '/^http:/p' "$log")
		[ -z "$BASE_URL" ] || return 0
		sleep 0.1
	done
	cat "$log" >&2
	return 1
}
