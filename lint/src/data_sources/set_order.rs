//! The order in which a provider has the members of a set: that of the sums of what they are written
//! as.
//!
//! It follows hashicorp/terraform-plugin-sdk, `helper/schema/serialize.go` and `set.go`.

use stanchion_cty::Value;

/// The members of a set, each with what it is written as: in order, and each once. If of one it is
/// not known how it is written, as they are given.
pub(super) fn in_order<T>(mut members: Vec<(Option<String>, T)>) -> Vec<T> {
    if members.iter().all(|(written, _)| written.is_some()) {
        members.sort_by_cached_key(|(written, _)| sum(written.as_deref().unwrap_or_default()));
        members.dedup_by(|next, one| next.0 == one.0);
    }
    members.into_iter().map(|(_, it)| it).collect()
}

/// A list of texts as it is written; `None` if one is unknown.
pub(super) fn list(texts: &[Value]) -> Option<String> {
    let members = texts.iter().map(|it| Some(format!("{};", it.as_str()?)));
    Some(format!("({});", members.collect::<Option<String>>()?))
}

/// A set of texts as it is written; `None` if one is unknown.
pub(super) fn set(texts: &[Value]) -> Option<String> {
    let members = texts.iter().map(|it| {
        let written = it.as_str().map(|it| format!("{it};"));
        (written.clone(), written)
    });
    let members = in_order(members.collect());
    Some(format!("{{{}}};", members.into_iter().collect::<Option<String>>()?))
}

/// The sum of a text, whose digits are compared as text: CRC-32 as IEEE 802.3 has it.
fn sum(text: &str) -> String {
    let mut sum = u32::MAX;
    for byte in text.bytes() {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            let carry = sum & 1;
            sum = (sum >> 1) ^ (carry * 0xedb8_8320);
        }
    }
    (!sum).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_one_of_the_standard() {
        // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
        assert_eq!(sum("123456789"), 0xcbf4_3926_u32.to_string());
        assert_eq!(sum(""), "0");
    }

    #[test]
    fn members_are_there_once_and_those_that_are_unknown_leave_the_order_as_it_is() {
        let members = |of: &[Option<&str>]| {
            let all = of.iter().enumerate().map(|(at, it)| (it.map(str::to_owned), at));
            in_order(all.collect())
        };
        // The sums are 3904355907, 1908338681 and 112844655.
        assert_eq!(members(&[Some("a"), Some("b"), Some("c"), Some("a")]), [2, 1, 0]);
        // They are 30677878 and 1908338681: the longer one comes first.
        assert_eq!(members(&[Some("g"), Some("b")]), [1, 0]);
        assert_eq!(members(&[Some("a"), None, Some("a")]), [0, 1, 2]);
    }
}
