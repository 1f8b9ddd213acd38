//! Baselines: a text as the file of what is known.

use stanchion::reading::baseline;

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match baseline(text) {
        Ok(written) => {
            assert_eq!(baseline(&written).as_ref(), Ok(&written), "{text:?}");
            let same = baseline(&format!("\n {text}\n"));
            assert_eq!(same.as_ref(), Ok(&written), "{text:?}");
        }
        Err(told) => assert!(told.starts_with("is "), "{told} of {text:?}"),
    }
}
