//! Reads the tokens of a MessagePack message, whatever bytes it is of.

use rmp::Marker;

use crate::{Path, Problem};

/// One token. What has a length of its own is borrowed from the message: nothing is allocated by a
/// length that the message only claims.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Nil,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    /// A string or a binary: Terraform takes one for the other.
    Text(&'a [u8]),
    /// So many elements follow.
    Array(u32),
    /// So many pairs of a key and a value follow.
    Map(u32),
    /// An extension's code and its content.
    Extension(i8, &'a [u8]),
}

/// A place in a message.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next token, and the offset of its first byte.
    pub(super) fn next(&mut self) -> Result<(Token<'a>, usize), Problem> {
        let start = self.at;
        let [marker] = self.array::<1>()?;
        let token = match Marker::from_u8(marker) {
            Marker::Null => Token::Nil,
            Marker::False => Token::Bool(false),
            Marker::True => Token::Bool(true),
            Marker::FixPos(it) => Token::Signed(it.into()),
            Marker::FixNeg(it) => Token::Signed(it.into()),
            Marker::I8 => Token::Signed(i8::from_be_bytes(self.array()?).into()),
            Marker::I16 => Token::Signed(i16::from_be_bytes(self.array()?).into()),
            Marker::I32 => Token::Signed(i32::from_be_bytes(self.array()?).into()),
            Marker::I64 => Token::Signed(i64::from_be_bytes(self.array()?)),
            Marker::U8 => Token::Unsigned(u8::from_be_bytes(self.array()?).into()),
            Marker::U16 => Token::Unsigned(self.short()?.into()),
            Marker::U32 => Token::Unsigned(self.long()?.into()),
            Marker::U64 => Token::Unsigned(u64::from_be_bytes(self.array()?)),
            Marker::F32 => Token::Float(f32::from_be_bytes(self.array()?).into()),
            Marker::F64 => Token::Float(f64::from_be_bytes(self.array()?)),
            Marker::FixStr(length) => Token::Text(self.take(length.into())?),
            Marker::Str8 | Marker::Bin8 => {
                let length = self.byte()?;
                Token::Text(self.take(length.into())?)
            }
            Marker::Str16 | Marker::Bin16 => {
                let length = self.short()?;
                Token::Text(self.take(length.into())?)
            }
            Marker::Str32 | Marker::Bin32 => {
                let length = self.long()?;
                Token::Text(self.take(length)?)
            }
            Marker::FixArray(length) => Token::Array(length.into()),
            Marker::Array16 => Token::Array(self.short()?.into()),
            Marker::Array32 => Token::Array(self.long()?),
            Marker::FixMap(length) => Token::Map(length.into()),
            Marker::Map16 => Token::Map(self.short()?.into()),
            Marker::Map32 => Token::Map(self.long()?),
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => {
                let length = self.byte()?;
                self.extension(length.into())?
            }
            Marker::Ext16 => {
                let length = self.short()?;
                self.extension(length.into())?
            }
            Marker::Ext32 => {
                let length = self.long()?;
                self.extension(length)?
            }
            Marker::Reserved => return Err(at("holds a byte that no message has", start)),
        };
        Ok((token, start))
    }

    /// Reads over the next value with all that is in it.
    pub(super) fn skip(&mut self) -> Result<(), Problem> {
        let mut left: u64 = 1;
        while left > 0 {
            left -= 1;
            match self.next()?.0 {
                Token::Array(length) => left += u64::from(length),
                Token::Map(length) => left += 2 * u64::from(length),
                Token::Nil
                | Token::Bool(_)
                | Token::Signed(_)
                | Token::Unsigned(_)
                | Token::Float(_)
                | Token::Text(_)
                | Token::Extension(..) => {}
            }
        }
        Ok(())
    }

    /// Refuses a message that goes on.
    pub(super) fn end(self) -> Result<(), Problem> {
        let left = self.bytes.len() - self.at;
        if left == 0 {
            return Ok(());
        }
        Err(at(&format!("has {left} bytes too many behind it"), self.at))
    }

    fn extension(&mut self, length: u32) -> Result<Token<'a>, Problem> {
        let code = i8::from_be_bytes(self.array()?);
        Ok(Token::Extension(code, self.take(length)?))
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        self.array().map(u8::from_be_bytes)
    }

    fn short(&mut self) -> Result<u16, Problem> {
        self.array().map(u16::from_be_bytes)
    }

    fn long(&mut self) -> Result<u32, Problem> {
        self.array().map(u32::from_be_bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let found = self.bytes.get(self.at..).and_then(|it| it.first_chunk::<N>());
        let found = found.ok_or_else(|| at("is cut off: the message ends", self.at))?;
        self.at += N;
        Ok(*found)
    }

    fn take(&mut self, length: u32) -> Result<&'a [u8], Problem> {
        let left = self.bytes.get(self.at..).unwrap_or_default();
        let found = usize::try_from(length).ok().and_then(|it| left.get(..it));
        let found = found.ok_or_else(|| {
            let message = format!("is cut off: {length} bytes must follow, {} do", left.len());
            at(&message, self.at)
        })?;
        self.at += found.len();
        Ok(found)
    }
}

/// A problem of the value that is being read, found at an offset of the message.
pub(super) fn at(message: &str, offset: usize) -> Problem {
    Problem::error(Path::root(), format!("{message} (at byte {offset} of the message)"))
}
