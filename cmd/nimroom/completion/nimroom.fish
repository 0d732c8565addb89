# Completion of nimroom for fish 3 or newer.
function __nimroom_complete
    set -l words (commandline -opc)
    $words[1] complete $words[2..] (commandline -ct) 2>/dev/null
end
complete -c nimroom -f -k -a '(__nimroom_complete)'
