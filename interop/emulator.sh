# Sourced by the scripts beside it: start_emulator [FLAG...] builds and serves an emulator on a free port until the
# script ends, and sets BASE_URL, APP_KEY and APP_SECRET.
APP_KEY=app-key
APP_SECRET=app-secret

start_emulator() {
	local log
	work=${work:-$(mktemp -d)}
	log=$(mktemp -p "$work")
	[ -x "$work/nimroom" ] || (cd "$(dirname "${BASH_SOURCE[0]}")/.." && go build -o "$work/nimroom" ./cmd/nimroom)
	"$work/nimroom" serve --addr 127.0.0.1:0 --app-key "$APP_KEY" --app-secret "$APP_SECRET" "$@" >"$log" 2>&1 &
	emulator_pid=$!
	trap 'kill "$emulator_pid" 2>/dev/null; rm -rf "$work"' EXIT
	for _ in $(seq 100); do
		BASE_URL=$(sed -n 's/^nimroom emulator: //p' "$log")
		[ -z "$BASE_URL" ] || return 0
		sleep 0.1
	done
	cat "$log" >&2
	return 1
}

stop_emulator() {
	kill "$emulator_pid"
	wait "$emulator_pid" 2>/dev/null || true
}
