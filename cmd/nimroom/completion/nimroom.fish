# Completion of nimroom for fish 3 or newer.
function __nimroom_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l plain (string unescape -- $word; or string unescape -- $word'"'; or string unescape -- $word"'")
    $words[1] complete $words[2..] "$plain" 2>/dev/null
end
complete -c nimroom -f -k -a '(__nimroom_complete)'
