# Completion of nimroom for bash 3.2 or newer.
_nimroom() {
	local words=() values=() helps=() rest=$COMP_LINE last=-1 width=0 i word value help
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
			words[++last]=$word
		else # bash splits words at = and :
			words[last]+=$word
		fi
		rest=${rest#*"$word"}
	done
	# bash replaces only what is behind the last = or :, and an @ with what follows it.
	local keep=${words[last]} breaks=${COMP_WORDBREAKS//[^=:]/}
	word=${keep##*[$breaks$'\n']}
	[[ $COMP_WORDBREAKS$word != *@*@* ]] || word=@${word##*@}
	keep=${keep%"$word"}
	while IFS=$'\t' read -r value help; do
		value=${value#"$keep"}
		[[ $value == "~"* ]] || printf -v value %q "$value"
		values+=("$value") helps+=("$help")
		((${#value} <= width)) || width=${#value}
	done < <("${words[0]/#~/$HOME}" complete "${words[@]:1}" 2>/dev/null)
	COMPREPLY=("${values[@]}")
	if ((${#values[@]} > 1)) && ((COMP_TYPE != 37 && COMP_TYPE != 42)); then # it only shows them
		for i in "${!values[@]}"; do
			printf -v value "%-${width}s  %s" "${values[i]}" "${helps[i]}"
			COMPREPLY[i]=${value:0:${COLUMNS:-80}-1}
		done
	elif [[ ${COMPREPLY[0]} == *[=/] ]]; then
		compopt -o nospace 2>/dev/null
	fi
}
complete -o nosort -F _nimroom nimroom 2>/dev/null || complete -F _nimroom nimroom
