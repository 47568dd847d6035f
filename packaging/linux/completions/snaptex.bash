# What bash offers behind `snaptex`.
_snaptex() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=
    COMPREPLY=()
    case $before in
        --format) words="latex inline dollars parentheses display equation align markdown mathml typst unicode svg" ;;
        --device) words="auto cpu cuda mps" ;;
        --watch) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
        --weights | --vocabulary) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        --port | --host | --workers | --allow-host | --beam) ;;
        *)
            if [ "$COMP_CWORD" -eq 1 ]; then
                words="snip repeat recognise serve doctor --in-tray --version --help"
            elif [ "$command" = serve ]; then
                words="--port --host --workers --no-token --allow-host --device --help"
            elif [ "$command" = recognise ] && [ "${word#-}" != "$word" ]; then
                words="--format --clipboard --watch --json --device --beam --weights --vocabulary --help"
            elif [ "$command" = recognise ]; then
                compopt -o filenames 2> /dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
    esac
    [ -z "$words" ] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _snaptex snaptex
