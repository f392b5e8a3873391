package catalogue

import (
	"fmt"
	"maps"
)

var releases = map[string]string{
	"alpine": "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.21.0\nPRETTY_NAME=\"Alpine Linux v3.21\"\nHOME_URL=\"https://alpinelinux.org/\"\n",
	"debian": "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n",
	"ubuntu": "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.1 LTS (Noble Numbat)\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\n",
}

// Content is the files of the image by absolute path: its own, and those of its base.
func (im *Image) Content() map[string]string {
	out := map[string]string{}
	if text := releases[im.Base]; text != "" {
		out["/etc/os-release"] = text
	}
	if im.Base != "none" {
		shell := "/bin/sh"
		if im.Base == "debian" || im.Base == "ubuntu" {
			shell = "/bin/bash"
		}
		passwd := "root:x:0:0:root:/root:" + shell + "\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"
		group := "root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n"
		if im.User != nil && *im.User != 0 && *im.User != 65534 {
			passwd += fmt.Sprintf("app:x:%d:%d:app:/home/app:/bin/sh\n", *im.User, *im.User)
			group += fmt.Sprintf("app:x:%d:\n", *im.User)
		}
		out["/etc/passwd"], out["/etc/group"] = passwd, group
	}
	maps.Copy(out, im.Files)
	return out
}

// Argument is the value of an option of a command of the image.
func (im *Image) Argument(argv []string, name string) (string, bool) { return argument(argv, name) }
