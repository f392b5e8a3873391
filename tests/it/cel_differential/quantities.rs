use super::table::Table;

impl Table {
    pub(super) fn quantities(&mut self) {
        let edges = [
            "0",
            "1",
            "-1",
            "+1",
            "500m",
            "0.5",
            "1.5Gi",
            "1Gi",
            "1024Mi",
            "1Mi",
            "1M",
            "100n",
            "0.1n",
            "0.1m",
            "1e3",
            "1E3",
            "1E",
            "1Ei",
            "1Pi",
            "12Ti",
            "123Ti",
            "1e-3",
            "1.0",
            "1000m",
            "2.000",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775807",
            "999999999999999999",
            "1e18",
            "1e19",
            "1e30",
            "-1e30",
            "9999999999999999999999999999999999999G",
            "0.000000001",
            "0.0000000001",
            "1.5Ki",
            "0.5Ki",
            "0.1Ki",
            "00012",
            "1e+3",
            "-1.5Gi",
            "100Ei",
            "-100Ei",
            "1.000000001Mi",
            "123456789012345678n",
        ];
        let wrong = [
            "", "m", "Mi", "Ti", "Pi", ".", ".5", "5.", "-", "+", ".Ki", "--1", "1 ", " 1", "1K", "1,3G", "Three", "1e", "1ee3", "1em",
            "1k5", "E", "e3", "１", "한글", "1gi", "0x10", "1_000", "1.2.3", "1E+", "-.5", "+.", "00", "-0", "Infinity", "NaN",
        ];
        let of_one = [
            "isQuantity($)",
            "quantity($).isInteger()",
            "quantity($).asInteger()",
            "quantity($).asApproximateFloat()",
            "sign(quantity($))",
            "quantity($) == quantity($)",
            "quantity($).add(1).asApproximateFloat()",
            "quantity($).sub(5).isInteger()",
        ];
        edges.iter().chain(&wrong).for_each(|text| self.over(text, &of_one));
        for one in edges {
            for other in edges {
                let pair = format!("quantity('{one}').compareTo(quantity('{other}'))");
                self.library(pair);
                if self.dice.up_to(6) == 0 {
                    for rest in
                        ["isLessThan(@)", "isGreaterThan(@)", "add(@).asApproximateFloat()", "sub(@).isInteger()", "add(@).asInteger()"]
                    {
                        self.library(format!("quantity('{one}').{}", rest.replace('@', &format!("quantity('{other}')"))));
                    }
                    self.library(format!("quantity('{one}') == quantity('{other}')"));
                    self.library(format!("quantity('{one}').add(quantity('{other}')) == quantity('{one}')"));
                }
            }
        }
        let units = ["", "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e2", "e-2", "E4"];
        for _ in 0..300 {
            let mut text = format!("{}{}", self.dice.of(&["", "", "", "-", "+"]), self.dice.text("0123456789", 12));
            if self.dice.up_to(3) == 0 {
                text = format!("{text}.{}", self.dice.text("0123456789", 6));
            }
            text.push_str(self.dice.of(&units));
            self.over(&text, &of_one);
        }
    }
}
