//! QR codes of addresses, as SVG.

use fast_qr::{ECL, QRBuilder};

use crate::error::{Error, Result};

/// Modules of white around a code, without which readers don't find it.
const QUIET: usize = 4;

/// A code as the modules that are dark.
#[derive(Debug, Clone)]
pub struct Qr {
    /// Of the whole picture, in modules.
    pub size: usize,
    /// A path of its dark rows.
    pub path: String,
}

impl Qr {
    /// With medium error correction: it is read though 15 % of it is smudged.
    pub fn of(text: &str) -> Result<Qr> {
        let code = QRBuilder::new(text).ecl(ECL::M).build();
        let code = code.map_err(|error| Error::unexpected(format!("{error:?}")))?;
        let mut path = String::new();
        for row in 0..code.size {
            let mut column = 0;
            while column < code.size {
                let dark = |column: usize| column < code.size && code[row][column].value();
                let run = (column..).take_while(|column| dark(*column)).count();
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET));
                }
                column += run.max(1);
            }
        }
        Ok(Qr { size: code.size + 2 * QUIET, path })
    }

    /// As a file. The text itself is not in it, so nothing in it needs to be escaped.
    pub fn svg(&self) -> String {
        let Qr { size, path } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
             <path d=\"{path}\"/></svg>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_and_a_quiet_zone() {
        let qr = Qr::of("https://maaltal.example/s/K7QMD2XBHA").expect("a code");
        // 36 bytes at medium correction: version 3, 29 modules.
        assert_eq!(qr.size, 29 + 8);
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", qr.path);
        assert!(qr.svg().len() < 12_000);
    }

    #[test]
    fn what_is_too_long_for_a_code_is_refused() {
        assert!(Qr::of(&"x".repeat(5_000)).is_err());
    }
}
