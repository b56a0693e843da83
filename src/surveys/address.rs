//! Where a link is answered.

/// Under which the pages lie that are entered by a link's token.
pub const FOLDER: &str = "/s/";

/// The address that is handed out, printed and put into QR codes. A code stands behind `#`, which
/// a browser keeps to itself: no server, proxy or log sees it. The page puts it into its field;
/// without JavaScript it is typed, so it is always printed beside the QR code.
pub fn answer_address(public_url: &str, token: &str, code: Option<&str>) -> String {
    let address = format!("{}{FOLDER}{token}", public_url.trim_end_matches('/'));
    match code {
        Some(code) => format!("{address}#{code}"),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_where_no_server_sees_it() {
        let at = |code| answer_address("https://maaltal.example/", "K7QMD2XBHA", code);
        assert_eq!(at(None), "https://maaltal.example/s/K7QMD2XBHA");
        assert_eq!(at(Some("4TZKQ7MB")), "https://maaltal.example/s/K7QMD2XBHA#4TZKQ7MB");
    }
}
