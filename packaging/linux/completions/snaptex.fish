# What fish offers behind `snaptex`.
set -l commands snip repeat recognise serve doctor
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -a snip -d "snip a formula now"
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -a repeat -d "snip the last region again"
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -a recognise -d "print the LaTeX of image files"
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -a serve -d "answer editors and scripts"
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -a doctor -d "print what was found here"
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -l in-tray -d "start without a window"
complete -c snaptex -n "not __fish_seen_subcommand_from $commands" -f -l version -d "print the version"
complete -c snaptex -f -l help -d "print the options"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -x -l format -d "the form that is printed" \
    -a "latex inline dollars parentheses display equation align markdown mathml typst unicode svg"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -f -l clipboard -d "copy the result"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -x -l watch -d "read what comes into a folder" \
    -a "(__fish_complete_directories)"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -f -l json -d "one JSON object a line"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -x -l beam -d "hypotheses of beam search"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -r -F -l weights -d "of a recogniser of your own"
complete -c snaptex -n "__fish_seen_subcommand_from recognise" -r -F -l vocabulary -d "of these weights"
complete -c snaptex -n "__fish_seen_subcommand_from serve" -x -l port -d "port to listen on"
complete -c snaptex -n "__fish_seen_subcommand_from serve" -x -l host -d "address to listen on"
complete -c snaptex -n "__fish_seen_subcommand_from serve" -x -l workers -d "processes"
complete -c snaptex -n "__fish_seen_subcommand_from serve" -f -l no-token -d "ask no token"
complete -c snaptex -n "__fish_seen_subcommand_from serve" -x -l allow-host -d "a further name to answer under"
complete -c snaptex -n "__fish_seen_subcommand_from recognise serve" -x -l device -d "where the network runs" \
    -a "auto cpu cuda mps"
complete -c snaptex -n "__fish_seen_subcommand_from snip repeat doctor serve" -f
