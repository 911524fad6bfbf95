#!/bin/zsh
setopt PROMPT_SUBST
