import type { Io } from './io.ts';

/** Each asks the program itself what may follow, so that it knows every command, option and address of the files at hand. */
const scripts = {
  bash: `# zenform completion for bash: put  source <(zenform completion bash)  into ~/.bashrc
_zenform() {
  local IFS=$'\\n' found line word lead
  # The words as zenform gets them: bash itself splits at : and =, and leaves quotes in.
  line=\${COMP_LINE:0:COMP_POINT}
  local -a words=()
  while IFS= read -r word; do words+=("$word"); done < <(xargs -n1 printf '%s\\n' 2>/dev/null <<<"$line")
  [[ $line == *[![:space:]] ]] || words+=("")
  found=$(zenform __complete "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  if [[ $found == :files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]#=}"))
    return
  fi
  # What stands before the last : or = is not replaced.
  word=\${words[-1]}
  lead=\${word%"\${word##*[:=]}"}
  [[ $COMP_WORDBREAKS == *:* || $lead != *: ]] || lead=\${lead%"\${lead##*=}"}
  for line in $found; do
    line=\${line%%$'\\t'*}
    COMPREPLY+=("$(printf '%q' "\${line#"$lead"}")")
  done
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[/:] ]] && compopt -o nospace 2>/dev/null
}
complete -F _zenform zenform
`,
  zsh: `#compdef zenform
# zenform completion for zsh: put  source <(zenform completion zsh)  into ~/.zshrc, after compinit
_zenform() {
  local -a found whole open
  local line
  found=("\${(@f)$(zenform __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found[1] == :files ]]; then
    compset -P '*='
    _files
    return
  fi
  for line in $found; do
    [[ -z $line ]] && continue
    local word=\${line%%$'\\t'*} meaning=\${line#*$'\\t'}
    if [[ $word == *[/:] ]]; then open+=("$word")
    else whole+=("\${word//:/\\\\:}\${meaning:+:$meaning}")
    fi
  done
  (( $#open )) && compadd -S '' -- $open
  (( $#whole )) && _describe 'zenform' whole
}
compdef _zenform zenform
`,
  fish: `# zenform completion for fish: zenform completion fish > ~/.config/fish/completions/zenform.fish
function __zenform_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (zenform __complete $words[2..-1] 2>/dev/null)
  if test "$found[1]" = :files
    __fish_complete_path (string replace -r '^--[^=]*=' '' -- (commandline -ct))
  else
    printf '%s\\n' $found
  end
end
complete -c zenform -f -a '(__zenform_complete)'
`,
} as const;

export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as readonly Shell[];

/** `zenform completion`: the script that makes a shell complete the words of zenform. */
export function printCompletion(shell: Shell, io: Io): number {
  io.stdout.write(scripts[shell]);
  return 0;
}
