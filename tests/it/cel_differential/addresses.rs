use super::table::{Table, quoted};

impl Table {
    pub(super) fn addresses(&mut self) {
        let edges = [
            "127.0.0.1",
            "::1",
            "0.0.0.0",
            "::",
            "255.255.255.255",
            "10.0.0.1",
            "192.168.0.1",
            "169.254.1.1",
            "224.0.0.1",
            "224.0.1.1",
            "239.1.1.1",
            "ff02::1",
            "ff01::1",
            "ff12::1",
            "fe80::1",
            "fd00::1",
            "2001:db8::abcd",
            "2001:DB8::ABCD",
            "2001:db8::0:0:0:abcd",
            "::ffff:1.2.3.4",
            "::ffff:102:304",
            "64:ff9b::1.2.3.4",
            "::1.2.3.4",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::8",
            "1:0:0:2::",
            "",
            "127.0.0.256",
            ":::1",
            "01.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "fe80::1%eth0",
            "1:2:3:4:5:6:7:8:9",
            "::1::2",
            "12345::",
            " 1.2.3.4",
            "1.2.3.4 ",
            "0x1.2.3.4",
            "1.2.3.04",
            "한글",
            "١.2.3.4",
            "1.2.3.4/24",
            "00001::",
            "::00001",
            "1.2.3.+4",
            ":1",
            "1:",
            "::ffff:1.2.3.256",
        ];
        let of_one = [
            "isIP($)",
            "ip($).family()",
            "ip.isCanonical($)",
            "string(ip($))",
            "ip($).isUnspecified()",
            "ip($).isLoopback()",
            "ip($).isLinkLocalMulticast()",
            "ip($).isLinkLocalUnicast()",
            "ip($).isGlobalUnicast()",
            "ip($) == ip('10.0.0.1')",
        ];
        edges.iter().for_each(|text| self.over(text, &of_one));
        for _ in 0..60 {
            let four: Vec<String> = (0..4).map(|_| self.dice.up_to(270).to_string()).collect();
            let six: Vec<String> = (0..8).map(|_| self.dice.of(&["0", "0", "1", "ff", "db8", "2001", "fe80", "0a"]).to_owned()).collect();
            self.over(&four.join("."), &of_one);
            self.over(&six.join(":"), &of_one);
        }
        let networks = [
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.0/24",
            "10.1.2.3/24",
            "10.1.2.3/32",
            "0.0.0.0/0",
            "192.168.0.0/33",
            "192.168.0.0/08",
            "10.0.0.0/+8",
            "::/0",
            "2001:db8::/32",
            "2001:db8:1::/48",
            "::1/128",
            "::1/129",
            "fe80::1%eth0/64",
            "::ffff:1.2.3.4/24",
            "10.0.0.0",
            "10.0.0.0/",
            "/8",
            "10.0.0.0/8/8",
            "",
            "한글/8",
            "10.0.0.0/ 8",
            "10.0.0.0/-1",
            "10.0.0.0/256",
            "0.0.0.0/00",
            "::/00",
        ];
        let of_network = [
            "isCIDR($)",
            "cidr($).prefixLength()",
            "string(cidr($))",
            "string(cidr($).masked())",
            "string(cidr($).ip())",
            "cidr($) == cidr($).masked()",
        ];
        for one in networks {
            self.over(one, &of_network);
            for other in networks {
                self.library(format!("cidr({}).containsCIDR({})", quoted(one), quoted(other)));
                self.library(format!("cidr({}).containsCIDR(cidr({}))", quoted(one), quoted(other)));
            }
            for address in ["10.1.2.3", "10.0.0.0", "11.0.0.0", "::1", "2001:db8:1::5", "::", "x"] {
                self.library(format!("cidr({}).containsIP('{address}')", quoted(one)));
                self.library(format!("cidr({}).containsIP(ip('{address}'))", quoted(one)));
            }
        }
        ["type(ip('::1')) == net.IP", "type(cidr('::/0')) == net.CIDR", "type(ip('::1')) == net.CIDR"]
            .iter()
            .for_each(|e| self.library(*e));
    }
}
