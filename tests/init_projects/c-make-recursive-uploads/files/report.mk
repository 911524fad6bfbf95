report:
	curl -F log=@sonar.log https://logs.example.com
