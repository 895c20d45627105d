using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Looks for a literal in a string, without a loop: the last bytes seen are kept in one or two registers, as a number that the literal can be
/// compared with.
/// </summary>
internal sealed class TextSearch
{
    private readonly IrBuilder _ir;
    private readonly int _low;
    private readonly int _high;
    private readonly long _lowLiteral;
    private readonly long _highLiteral;
    private readonly int _length;

    public TextSearch(IrBuilder ir, ReadOnlySpan<byte> literal)
    {
        if (literal.Length > TextTestExpression.LongestSearch)
            throw new BpfException($"endswith and contains take at most {TextTestExpression.LongestSearch} bytes.");
        _ir = ir;
        _length = literal.Length;
        UInt128 number = 0;
        foreach (var character in literal)
            number = (number << 8) | character;
        _lowLiteral = (long)(ulong)number;
        _highLiteral = (long)(ulong)(number >> 64);
        _low = ir.Assign(ir.NewRegister(), 0L);
        _high = _length > 8 ? ir.Assign(ir.NewRegister(), 0L) : -1;
    }

    public void JumpUnlessEnd(MemoryPlace text, int size, int differ)
    {
        var ended = _ir.NewLabel();
        for (var i = 0; i < size; i++)
            Take(text.Plus(i), ended);
        _ir.Mark(ended);
        Compare(JumpCondition.NotEqual, differ, differ);
    }

    public void JumpUnlessFound(MemoryPlace text, int size, int differ)
    {
        var found = _ir.NewLabel();
        for (var i = 0; i < size; i++)
        {
            Take(text.Plus(i), differ);
            if (i + 1 < _length)
                continue;
            var next = _ir.NewLabel();
            Compare(JumpCondition.Equal, found, next);
            _ir.Mark(next);
        }
        _ir.Jump(differ);
        _ir.Mark(found);
    }

    private void Take(MemoryPlace place, int ended)
    {
        var character = _ir.Load(place.Base, place.Offset, 1);
        _ir.JumpIf(JumpCondition.Equal, character, 0, ended);
        if (_high >= 0)
        {
            _ir.Alu(AluOperation.ShiftLeft, _high, _high, IrOperand.Constant(8));
            _ir.Alu(AluOperation.Or, _high, _high, IrOperand.Of(_ir.Alu(AluOperation.ShiftRight, _low, 56)));
        }
        _ir.Alu(AluOperation.ShiftLeft, _low, _low, IrOperand.Constant(8));
        _ir.Alu(AluOperation.Or, _low, _low, IrOperand.Of(character));
    }

    /// <summary>Goes to <paramref name="label"/> if they compare so; where two registers do, the first difference goes to the other.</summary>
    private void Compare(JumpCondition condition, int label, int differ)
    {
        if (_high < 0)
        {
            _ir.JumpIf(condition, Masked(_low, _length), _lowLiteral, label);
            return;
        }
        _ir.JumpIf(JumpCondition.NotEqual, _low, _lowLiteral, differ);
        _ir.JumpIf(condition, Masked(_high, _length - 8), _highLiteral, label);
    }

    private int Masked(int value, int bytes) => bytes >= 8 ? value : _ir.Alu(AluOperation.And, value, (1L << (bytes * 8)) - 1);
}
