#compdef nimroom
# Completion of nimroom for zsh.
_nimroom() {
	local value help
	local -a whole begun
	while IFS=$'\t' read -r value help; do
		if [[ $value == *[=/] ]]; then
			begun+=("${value//:/\\:}:$help")
		else
			whole+=("${value//:/\\:}:$help")
		fi
	done < <("${${(Q)words[1]}/#\~/$HOME}" complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
	_describe -V nimroom whole -- begun -S ''
}
if [[ $funcstack[1] == _nimroom ]]; then
	_nimroom "$@"
else
	compdef _nimroom nimroom
fi
