package chart

import (
	"github.com/google/gopacket/layers"
	"github.com/lukeroth/gdal"
)

var _ layers.EthernetType

func Version() string {
	return gdal.VersionInfo("RELEASE_NAME")
}
