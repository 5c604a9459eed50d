// SPDX-License-Identifier: BSD-2-Clause
//
// listlinks - a program of Go's standard library alone, which makes its system calls itself: the
// C library's are never called.  It lists the interfaces twice, once as package net does, and
// once by a route netlink request of its own.
package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

func main() {
	interfaces, err := net.Interfaces()
	if err != nil {
		fmt.Println("net.Interfaces:", err)
		os.Exit(1)
	}
	for _, i := range interfaces {
		addrs, _ := i.Addrs()
		fmt.Println(i.Name, i.MTU, i.Flags, len(addrs))
	}

	table, err := syscall.NetlinkRIB(syscall.RTM_GETLINK, syscall.AF_UNSPEC)
	if err != nil {
		fmt.Println("NetlinkRIB:", err)
		os.Exit(1)
	}
	messages, err := syscall.ParseNetlinkMessage(table)
	if err != nil {
		fmt.Println("ParseNetlinkMessage:", err)
		os.Exit(1)
	}
	for _, message := range messages {
		if message.Header.Type != syscall.RTM_NEWLINK {
			continue
		}
		name, kind := "", ""
		attributes, _ := syscall.ParseNetlinkRouteAttr(&message)
		for _, attribute := range attributes {
			switch attribute.Attr.Type {
			case syscall.IFLA_IFNAME:
				name = string(attribute.Value[:len(attribute.Value)-1])
			case syscall.IFLA_LINKINFO:
				kind = kindOf(attribute.Value)
			}
		}
		fmt.Println(name, "is", kind)
	}
}

// kindOf finds IFLA_INFO_KIND (1) in the nest of IFLA_LINKINFO.
func kindOf(nest []byte) string {
	for len(nest) >= 4 {
		size := int(nest[0]) | int(nest[1])<<8
		if size < 4 || size > len(nest) {
			return ""
		}
		if nest[2] == 1 {
			value := nest[4:size]
			for len(value) > 0 && value[len(value)-1] == 0 {
				value = value[:len(value)-1]
			}
			return string(value)
		}
		nest = nest[min((size+3)&^3, len(nest)):]
	}
	return ""
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}
