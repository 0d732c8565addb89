# Completion of nimroom for bash 3.2 or newer.
# It sets plain to a word without its quotes, quote to the one that is still open, and at to where that is.
_nimroom_plain() {
	local i c
	plain='' quote='' at=0
	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		case $quote$c in
		\' | \") quote=$c at=${#plain} ;;
		"''" | '""') quote='' ;;
		\\ | \"\\) plain+=${1:((++i)):1} ;;
		*) plain+=$c ;;
		esac
	done
}
_nimroom() {
	local words=() values=() helps=() rest=$COMP_LINE last=-1 width=0 i word value help plain quote at
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
			words[++last]=$word
		else # bash splits words at = and :
			words[last]+=$word
		fi
		rest=${rest#*"$word"}
	done
	for ((i = 1; i <= last; i++)); do
		_nimroom_plain "${words[i]}"
		words[i]=$plain
	done
	# bash replaces only what is behind an open quote or the last = or :, and an @ with what follows it.
	local keep=${plain:0:at} breaks=${COMP_WORDBREAKS//[^=:]/}
	if [[ -z $quote ]]; then
		word=${plain##*[$breaks$'\n']}
		[[ $COMP_WORDBREAKS$word != *@*@* ]] || word=@${word##*@}
		keep=${plain%"$word"}
	fi
	while IFS=$'\t' read -r value help; do
		value=${value#"$keep"}
		if [[ $quote == '"' ]]; then
			value=${value//\\/\\\\} value=${value//\"/\\\"} value=${value//\$/\\\$} value=${value//\`/\\\`}
		elif [[ -z $quote && $value != "~"* ]]; then
			printf -v value %q "$value"
			value=${value//\\,/,} # a comma needs no backslash
		fi
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
