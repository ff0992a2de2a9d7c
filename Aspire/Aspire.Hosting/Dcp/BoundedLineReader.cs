using System.Text;

namespace Aspire.Hosting.Dcp;

/// <summary>Reads lines of which one may have no end: a long one comes in several pieces, so that it does not fill the memory.</summary>
internal sealed class BoundedLineReader(TextReader reader)
{
    /// <summary>The most characters of a piece; as many as the dashboard is sent of a line.</summary>
    public const int LongestPiece = 256 * 1024;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _line = new();
    private int _position;
    private int _length;
    private bool _isContinued;

    /// <summary>The next piece and whether it continues the line of the piece before; null at the end.</summary>
    public async ValueTask<(string Text, bool IsContinuation)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_position == _length)
            {
                (_position, _length) = (0, await reader.ReadAsync(_buffer, cancellationToken));
                if (_length == 0)
                {
                    return _line.Length > 0 ? Take(continues: false) : null;
                }
            }

            var rest = _buffer.AsSpan(_position.._length);
            var end = rest.IndexOf('\n');
            var room = LongestPiece - _line.Length;
            var count = Math.Min(end < 0 ? rest.Length : end, room);
            _line.Append(rest[..count]);
            _position += count;
            if (count == end)
            {
                _position++;
                return Take(continues: false);
            }

            if (_line.Length == LongestPiece)
            {
                return Take(continues: true);
            }
        }
    }

    private (string Text, bool IsContinuation) Take(bool continues)
    {
        var text = !continues && _line.Length > 0 && _line[^1] == '\r' ? _line.ToString(0, _line.Length - 1) : _line.ToString();
        var piece = (text, _isContinued);
        _line.Clear();
        _isContinued = continues;
        return piece;
    }
}
