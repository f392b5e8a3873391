use super::NamespaceMap;

/// What sort of text a name stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Configuration: environment variables, arguments, files.
    Config,
    /// A regular expression.
    Pattern,
    /// A CEL expression.
    Cel,
    /// Markdown that people read.
    Prose,
}

/// A place where nobody can tell whether a word is a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// The word.
    pub word: String,
    /// What it stands in.
    pub context: String,
}

/// What comes right before a namespace's name.
const LEADS: [&str; 8] =
    ["system:serviceaccount:", "system:serviceaccounts:", "serviceMonitor/", "podMonitor/", "probe/", "namespaces/", "namespace/", "ns/"];
/// Words that are followed by a namespace's name after a space, an equals sign or a colon.
const FLAGS: [&str; 5] = ["-n", "namespace", "namespaces", "kubernetes.io/metadata.name", "ns"];

/// A text in which the words that surely are namespaces have their true names. Other uses of the same word (a label's value, a
/// database, a part of an image) stay.
pub(super) fn rename(map: &NamespaceMap, text: &str, style: Style) -> Result<String, Doubt> {
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    while let Some((start, end)) = next_word(text, rest) {
        out.push_str(&text[rest..start]);
        let word = &text[start..end];
        match map.get(word) {
            Some(name) if is_namespace(&text[..start], &text[end..], style) => out.push_str(name),
            Some(_) if style == Style::Cel && is_literal(&text[..start], &text[end..]) => {
                let clause = clause(text, start);
                match clause.contains("amespace") {
                    true => out.push_str(map.name(word)),
                    false => return Err(Doubt { word: word.to_owned(), context: clause.trim().to_owned() }),
                }
            }
            _ => out.push_str(word),
        }
        rest = end;
    }
    out.push_str(&text[rest..]);
    Ok(out)
}

/// The next run of characters that names are made of.
fn next_word(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text[from..].find(is_inner)?;
    // A hyphen in front begins an option, not a name.
    let start = start + text[start..].len() - text[start..].trim_start_matches('-').len();
    let end = text[start..].find(|c| !is_inner(c)).map_or(text.len(), |length| start + length);
    Some((start, end.max(start)))
}

fn is_inner(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_namespace(before: &str, after: &str, style: Style) -> bool {
    is_in_service_name(after)
        || is_after_service(before, after) && (style != Style::Cel || after.starts_with(['\'', '"', ':', '/']))
        || LEADS.iter().any(|lead| before.ends_with(lead))
        || is_after_flag(before)
        || is_in_pattern(before, after, style)
        || style == Style::Prose && is_shown(before, after)
}

/// `shop.svc`, however it goes on: cluster DNS.
fn is_in_service_name(after: &str) -> bool {
    after.strip_prefix(".svc").is_some_and(|rest| !rest.starts_with(is_inner))
}

/// `backend.shop` as a whole host name: nothing but a port, a path or the end of the word follows.
fn is_after_service(before: &str, after: &str) -> bool {
    let Some(before) = before.strip_suffix('.') else { return false };
    let host = &before[before.rfind(|c| !is_inner(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..];
    let plain = host.starts_with(|c: char| c.is_ascii_lowercase()) && !host.contains('_');
    let alone = before[..before.len() - host.len()].chars().next_back().is_none_or(|c| !matches!(c, '.' | '$' | '\\'));
    let mut rest = after.chars();
    let ends = match rest.next() {
        None => true,
        Some('.') => rest.next().is_none_or(|c| !is_inner(c)),
        Some(c) => ":/ \t\n\"'`,;)]}?".contains(c),
    };
    plain && alone && ends
}

/// `-n shop`, `--namespace=shop`, `namespace: "shop"`.
fn is_after_flag(before: &str) -> bool {
    let open = before.trim_end_matches(['"', '\'']);
    let lead = open.trim_end_matches([' ', '=', ':', '"']);
    if lead.len() == open.len() || open[lead.len()..].contains("  ") {
        return false;
    }
    FLAGS.iter().any(|flag| {
        lead.strip_suffix(flag)
            .is_some_and(|rest| !rest.ends_with(|c: char| is_inner(c) && c != '-') && (*flag != "-n" || !rest.ends_with('-')))
    })
}

/// `\.shop\.svc` and `\.shop(\.svc…)?`; in a pattern also `\.shop` at the end of a group.
fn is_in_pattern(before: &str, after: &str, style: Style) -> bool {
    before.ends_with("\\.")
        && (["\\.svc", "(\\.svc", "(?:\\.svc"].iter().any(|next| after.starts_with(next))
            || style == Style::Pattern && (after.is_empty() || after.starts_with([')', '$', ':'])))
}

/// A code span of its own, or the first column of a table that a command printed.
fn is_shown(before: &str, after: &str) -> bool {
    before.ends_with('`') && after.starts_with('`') || (before.is_empty() || before.ends_with('\n')) && after.starts_with("  ")
}

fn is_literal(before: &str, after: &str) -> bool {
    ['\'', '"'].iter().any(|quote| before.ends_with(*quote) && after.starts_with(*quote))
}

/// The part of an expression that a position stands in, between `&&`, `||` and `?`.
fn clause(text: &str, at: usize) -> &str {
    let breaks = ["&&", "||", "?"];
    let start = breaks.iter().filter_map(|b| text[..at].rfind(b).map(|i| i + b.len())).max().unwrap_or_default();
    let end = breaks.iter().filter_map(|b| text[at..].find(b).map(|i| at + i)).min().unwrap_or(text.len());
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> NamespaceMap {
        NamespaceMap::new([("shop".to_owned(), "alice-shop".to_owned()), ("platform".to_owned(), "alice-platform".to_owned())].into())
            .unwrap()
    }

    fn renamed(text: &str, style: Style) -> String {
        rename(&map(), text, style).unwrap()
    }

    #[test]
    fn host_names_and_options_carry_the_true_name() {
        for (text, wanted) in [
            ("postgres.shop.svc.cluster.local", "postgres.alice-shop.svc.cluster.local"),
            ("http://backend.shop:8080/x", "http://backend.alice-shop:8080/x"),
            ("backend.shop", "backend.alice-shop"),
            ("see `backend.shop`.", "see `backend.alice-shop`."),
            ("web-0.web.shop.svc", "web-0.web.alice-shop.svc"),
            ("kubectl -n shop get pods", "kubectl -n alice-shop get pods"),
            ("kubectl get pods --namespace=shop", "kubectl get pods --namespace=alice-shop"),
            ("namespace: shop", "namespace: alice-shop"),
            ("{namespace=\"shop\"}", "{namespace=\"alice-shop\"}"),
            ("system:serviceaccount:shop:web", "system:serviceaccount:alice-shop:web"),
            ("serviceMonitor/shop/storefront/0", "serviceMonitor/alice-shop/storefront/0"),
        ] {
            assert_eq!(renamed(text, Style::Config), wanted);
        }
    }

    #[test]
    fn the_same_word_elsewhere_stays() {
        for text in [
            "registry.shop.example/shop/backend:1.4.2",
            "https://registry.shop.example",
            "postgres://db/shop",
            "shop",
            "shop-db.other.svc",
            "the shop's front page",
            "robot-shop",
            "app.kubernetes.io/part-of: shop",
            "winter.shop.csv",
        ] {
            assert_eq!(renamed(text, Style::Config), text);
        }
    }

    #[test]
    fn people_read_the_true_names_in_code_and_plain_words_in_prose() {
        assert_eq!(renamed("`shop` 네임스페이스의 가게(shop)", Style::Prose), "`alice-shop` 네임스페이스의 가게(shop)");
        assert_eq!(renamed("```\nshop  web-1  Running\n```", Style::Prose), "```\nalice-shop  web-1  Running\n```");
        assert_eq!(
            renamed("images below `shop/` from `registry.shop.example`", Style::Prose),
            "images below `shop/` from `registry.shop.example`"
        );
    }

    #[test]
    fn patterns_keep_their_shape() {
        let pattern = r"postgres(\.shop(\.svc(\.cluster\.local\.?)?)?)?";
        assert_eq!(renamed(pattern, Style::Pattern), r"postgres(\.alice-shop(\.svc(\.cluster\.local\.?)?)?)?");
        assert_eq!(renamed(r"registry\.shop\.example", Style::Pattern), r"registry\.shop\.example");
    }

    #[test]
    fn a_literal_of_cel_is_a_namespace_only_beside_one() {
        assert_eq!(renamed("o.metadata.namespace == 'shop' && o.x == 1", Style::Cel), "o.metadata.namespace == 'alice-shop' && o.x == 1");
        assert_eq!(renamed("'serviceMonitor/shop/a/0' in jobs", Style::Cel), "'serviceMonitor/alice-shop/a/0' in jobs");
        let doubt = rename(&map(), "o.metadata.namespace == 'x' && o.database == 'shop'", Style::Cel).unwrap_err();
        assert_eq!(doubt, Doubt { word: "shop".into(), context: "o.database == 'shop'".into() });
    }

    proptest::proptest! {
        #[test]
        fn a_text_without_the_names_is_never_changed(text in "[a-r .:/`'\\\\\n=-]{0,60}") {
            proptest::prop_assume!(!text.contains("platform"));
            proptest::prop_assert_eq!(renamed(&text, Style::Prose), text);
        }

        #[test]
        fn renaming_and_back_gives_the_text_again(parts in proptest::collection::vec(0usize..8, 0..6)) {
            const PARTS: [&str; 8] = ["db.shop.svc", " -n shop ", "`shop`", " web.shop:80 ", "namespace: platform\n", "registry.shop.example/shop/x ", "shop's ", "\n"];
            let text: String = parts.iter().map(|part| PARTS[*part]).collect();
            let back = NamespaceMap::new([("alice-shop".to_owned(), "shop".to_owned()), ("alice-platform".to_owned(), "platform".to_owned())].into()).unwrap();
            proptest::prop_assert_eq!(rename(&back, &renamed(&text, Style::Prose), Style::Prose).unwrap(), text);
        }
    }
}
