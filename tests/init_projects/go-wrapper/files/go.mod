module example.com/atoll

go 1.24

require (
	github.com/lukeroth/gdal v0.0.0-20250326062331-0a0c0a0c0a0c
	github.com/google/gopacket v1.1.19
)
