//! Somebody else's text without the secrets that it may quote, whole or in part.

/// The shortest part of a secret that is masked: a shorter one occurs by chance, in a sentence too.
const SHORTEST_PART: usize = 8;

/// The first `longest` characters of a text, where "…" stands for what it has of the secrets.
pub(super) fn mask(text: &str, secrets: &[String], longest: usize) -> String {
    // A secret that begins before the end is recognised by what comes after it.
    let end = text.char_indices().nth(longest + SHORTEST_PART).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text);
    let mut hidden = vec![false; text.len()];
    let mut hide = |start: usize, length: usize| {
        if let Some(part) = hidden.get_mut(start..start + length) {
            part.fill(true);
        }
    };
    let mut parts = parts(text);
    for secret in secrets {
        if secret.len() < SHORTEST_PART {
            let windows = text.as_bytes().windows(secret.len().max(1)).enumerate();
            let found = windows.filter(|(_, window)| *window == secret.as_bytes());
            found.for_each(|(start, window)| hide(start, window.len()));
            continue;
        }
        // A secret may be as long as a request, and say the same over and over.
        for part in windows(secret) {
            if let Ok(place) = parts.binary_search_by_key(&part, |(part, _)| *part) {
                let (_, starts) = parts.remove(place);
                starts.into_iter().for_each(|start| hide(start, SHORTEST_PART));
            }
        }
    }
    let is_hidden = |start: usize, character: char| {
        hidden.get(start..start + character.len_utf8()).is_some_and(|part| part.contains(&true))
    };
    let mut masked = String::new();
    let mut was_hidden = false;
    for (start, character) in text.char_indices().take(longest) {
        let now_hidden = is_hidden(start, character);
        match (now_hidden, was_hidden) {
            (false, _) => masked.push(character),
            (true, false) => masked.push('…'),
            (true, true) => {}
        }
        was_hidden = now_hidden;
    }
    masked
}

/// Every part of a text that is long enough to be one of a secret, as a number, with its starts; in
/// the order of the numbers.
fn parts(text: &str) -> Vec<(u64, Vec<usize>)> {
    let mut parts: Vec<(u64, Vec<usize>)> = Vec::new();
    for (start, part) in windows(text).enumerate() {
        match parts.binary_search_by_key(&part, |(part, _)| *part) {
            Ok(place) => {
                if let Some((_, starts)) = parts.get_mut(place) {
                    starts.push(start);
                }
            }
            Err(place) => parts.insert(place, (part, vec![start])),
        }
    }
    parts
}

fn windows(text: &str) -> impl Iterator<Item = u64> {
    let mut window = 0;
    let bytes = text.bytes().enumerate();
    bytes.filter_map(move |(number, byte)| {
        window = (window << 8) | u64::from(byte);
        (number + 1 >= SHORTEST_PART).then_some(window)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str, secrets: &[&str]) -> String {
        let secrets: Vec<String> = secrets.iter().map(ToString::to_string).collect();
        mask(text, &secrets, 40)
    }

    #[test]
    fn a_secret_is_masked_wherever_it_is() {
        assert_eq!(masked("no pea for pea", &["pea"]), "no … for …");
        assert_eq!(masked("no secret", &[""]), "no secret");
        assert_eq!(masked("", &["pea"]), "");
        assert_eq!(masked("smörgåsbord 🥪", &["🥪", "örgåsbo"]), "sm…rd …");
    }

    #[test]
    fn a_part_of_a_secret_is_masked_when_it_can_be_no_chance() {
        let secrets = ["header.claims.signature"];
        assert_eq!(masked("ms.signature is over", &secrets), "… is over");
        assert_eq!(masked("began with header.c", &secrets), "began with …");
        assert_eq!(masked("the claims are over", &secrets), "the claims are over");
    }

    #[test]
    fn what_is_cut_shows_no_part_either() {
        let text = format!("{}123456", "x".repeat(38));
        assert_eq!(masked(&text, &["123456"]), format!("{}…", "x".repeat(38)));
        assert_eq!(masked(&"å".repeat(99), &["pea"]), "å".repeat(40));
    }

    #[test]
    fn a_secret_as_long_as_a_request_takes_no_time() {
        let secret: String =
            (0..1_000_000).map(|number| char::from(b'a' + (number % 23) as u8)).collect();
        let text = ["you sent ", secret.get(500..900).unwrap()].concat();
        let since = std::time::Instant::now();
        assert_eq!(mask(&text, &[secret], 500), "you sent …");
        let monotonous = "x".repeat(1_000_000);
        assert_eq!(mask(&monotonous, std::slice::from_ref(&monotonous), 500), "…");
        // It took minutes in this build when it grew with the product of the two.
        assert!(since.elapsed().as_secs() < 10, "{:?}", since.elapsed());
    }

    proptest! {
        #[test]
        fn no_eight_bytes_of_a_secret_are_left(
            before in "[ab ]{0,30}",
            after in "[ab ]{0,30}",
            secret in "[abcåÅ]{1,30}",
            skipped in 0..20_usize,
            longest in 0..80_usize,
        ) {
            let quoted: String = secret.chars().skip(skipped).collect();
            let text = [before, quoted, after].concat();
            let masked = mask(&text, std::slice::from_ref(&secret), longest);
            prop_assert!(masked.chars().count() <= longest);
            for part in secret.as_bytes().windows(secret.len().min(SHORTEST_PART)) {
                prop_assert!(!masked.as_bytes().windows(part.len()).any(|window| window == part));
            }
        }
    }
}
