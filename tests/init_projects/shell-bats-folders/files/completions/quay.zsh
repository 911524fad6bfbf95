#compdef quay
