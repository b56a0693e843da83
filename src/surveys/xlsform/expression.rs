//! As much of XPath as XLSForms are commonly written with: conditions and constraints.

/// A condition, with the brackets that it is written with.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    Bracketed(Box<Expression>),
    Compared(Operand, Comparison, Operand),
    /// `selected(${q}, 'a')`
    Selected(String, String),
    /// `true()` and `false()`
    Always(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// `${q}`
    Of(String),
    /// `.`, the answer itself.
    This,
    Text(String),
    /// As it is written.
    Number(String),
    /// `count-selected(.)`
    CountOfThis,
    /// `string-length(.)`
    LengthOfThis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Is,
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    /// The same, read from the other side.
    pub fn turned(self) -> Comparison {
        match self {
            Comparison::Is | Comparison::IsNot => self,
            Comparison::Less => Comparison::More,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::More => Comparison::Less,
            Comparison::AtLeast => Comparison::AtMost,
        }
    }

    pub fn holds<T: PartialOrd>(self, one: &T, other: &T) -> bool {
        match self {
            Comparison::Is => one == other,
            Comparison::IsNot => one != other,
            Comparison::Less => one < other,
            Comparison::AtMost => one <= other,
            Comparison::More => one > other,
            Comparison::AtLeast => one >= other,
        }
    }
}

/// Brackets within each other.
const MOST_DEPTH: usize = 20;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Of(String),
    This,
    Text(String),
    Number(String),
    Word(String),
    Compares(Comparison),
    Opens,
    Closes,
    Comma,
}

/// Reads a condition; where it can't, gives the part that it stumbled over.
pub fn parse(text: &str) -> Result<Expression, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, next: 0, depth: 0, text };
    let expression = parser.any()?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.stumbled()),
    }
}

struct Parser<'a> {
    tokens: &'a [(usize, Token)],
    next: usize,
    depth: usize,
    text: &'a str,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn takes(&mut self, wanted: &Token) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.next += usize::from(is_there);
        is_there
    }

    fn needs(&mut self, wanted: &Token) -> Result<(), String> {
        if self.takes(wanted) { Ok(()) } else { Err(self.stumbled()) }
    }

    /// The rest of the text from where it can't be read on.
    fn stumbled(&self) -> String {
        let at = self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |(at, _)| *at);
        excerpt(self.text.get(at..).unwrap_or_default())
    }

    fn any(&mut self) -> Result<Expression, String> {
        let mut list = vec![self.all()?];
        while self.takes(&Token::Word("or".into())) {
            list.push(self.all()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Expression::Or(list) })
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut list = vec![self.one()?];
        while self.takes(&Token::Word("and".into())) {
            list.push(self.one()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Expression::And(list) })
    }

    fn bracketed(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.stumbled());
        }
        let inner = self.any()?;
        self.needs(&Token::Closes)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn one(&mut self) -> Result<Expression, String> {
        if self.takes(&Token::Opens) {
            return Ok(Expression::Bracketed(Box::new(self.bracketed()?)));
        }
        if let Some(Token::Word(word)) = self.peek().cloned() {
            let start = self.next;
            self.next += 1;
            let opens = self.takes(&Token::Opens);
            match (word.as_str(), opens) {
                ("not", true) => return Ok(Expression::Not(Box::new(self.bracketed()?))),
                ("true", true) if self.takes(&Token::Closes) => {
                    return Ok(Expression::Always(true));
                }
                ("false", true) if self.takes(&Token::Closes) => {
                    return Ok(Expression::Always(false));
                }
                ("selected", true) => return self.selected(),
                _ => self.next = start,
            }
        }
        let left = self.operand()?;
        let Some(Token::Compares(comparison)) = self.peek().cloned() else {
            return Err(self.stumbled());
        };
        self.next += 1;
        Ok(Expression::Compared(left, comparison, self.operand()?))
    }

    fn selected(&mut self) -> Result<Expression, String> {
        let Some(Token::Of(name)) = self.peek().cloned() else { return Err(self.stumbled()) };
        self.next += 1;
        self.needs(&Token::Comma)?;
        let option = match self.peek().cloned() {
            Some(Token::Text(option) | Token::Number(option)) => option,
            _ => return Err(self.stumbled()),
        };
        self.next += 1;
        self.needs(&Token::Closes)?;
        Ok(Expression::Selected(name, option))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let start = self.next;
        Ok(match self.take() {
            Some(Token::Of(name)) => Operand::Of(name),
            Some(Token::This) => Operand::This,
            Some(Token::Text(text)) => Operand::Text(text),
            Some(Token::Number(number)) => Operand::Number(number),
            Some(Token::Word(word)) => {
                let of = match word.as_str() {
                    "count-selected" => Operand::CountOfThis,
                    "string-length" => Operand::LengthOfThis,
                    _ => Operand::This,
                };
                let is_of_this = of != Operand::This
                    && self.takes(&Token::Opens)
                    && self.takes(&Token::This)
                    && self.takes(&Token::Closes);
                if !is_of_this {
                    self.next = start;
                    return Err(self.stumbled());
                }
                of
            }
            _ => {
                self.next = start;
                return Err(self.stumbled());
            }
        })
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some((token, length)) = token(rest) else {
            return if rest.is_empty() { Ok(tokens) } else { Err(excerpt(rest)) };
        };
        tokens.push((at, token));
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn token(rest: &str) -> Option<(Token, usize)> {
    let first = rest.chars().next()?;
    let second = rest.chars().nth(1);
    let simple = |token, length| Some((token, length));
    match (first, second) {
        ('(', _) => simple(Token::Opens, 1),
        (')', _) => simple(Token::Closes, 1),
        (',', _) => simple(Token::Comma, 1),
        ('=', _) => simple(Token::Compares(Comparison::Is), 1),
        ('!', Some('=')) => simple(Token::Compares(Comparison::IsNot), 2),
        ('<', Some('=')) => simple(Token::Compares(Comparison::AtMost), 2),
        ('<', _) => simple(Token::Compares(Comparison::Less), 1),
        ('>', Some('=')) => simple(Token::Compares(Comparison::AtLeast), 2),
        ('>', _) => simple(Token::Compares(Comparison::More), 1),
        ('$', Some('{')) => {
            let end = rest.find('}')?;
            simple(Token::Of(rest.get(2..end)?.trim().to_string()), end + 1)
        }
        ('\'' | '"', _) => {
            let inner = rest.get(1..)?;
            let end = inner.find(first)?;
            simple(Token::Text(inner.get(..end)?.to_string()), end + 2)
        }
        // What Word and Excel make of quotation marks.
        ('‘' | '’', _) => {
            let inner = rest.get(first.len_utf8()..)?;
            let end = inner.find('’')?;
            let length = first.len_utf8() + end + '’'.len_utf8();
            simple(Token::Text(inner.get(..end)?.to_string()), length)
        }
        ('.', second) if !second.is_some_and(|c| c.is_ascii_digit()) => simple(Token::This, 1),
        ('0'..='9' | '-' | '.', _) => {
            let sign = usize::from(first == '-');
            let digits = rest.get(sign..)?;
            let fits = |c: char| c.is_ascii_digit() || c == '.';
            let length = digits.find(|c| !fits(c)).unwrap_or(digits.len());
            let number = rest.get(..sign + length)?;
            number.parse::<f64>().ok()?;
            simple(Token::Number(number.to_string()), sign + length)
        }
        (first, _) if first.is_ascii_alphabetic() => {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
            let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
            simple(Token::Word(rest.get(..length)?.to_string()), length)
        }
        _ => None,
    }
}

fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
