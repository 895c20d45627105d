using System.Numerics;
using EbpfReceiver.ProbeLanguage.Tests.Interpretation;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests.Generation;

/// <summary>Compiled expressions against their definition.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData(1, 1500, 1)]
    [InlineData(2, 1500, 2)]
    [InlineData(3, 1500, 3)]
    [InlineData(4, 600, 5)]
    public void Every_expression_has_the_value_that_its_operators_define(int seed, int cases, int depth)
    {
        var random = new RandomExpressions(seed);
        for (var i = 0; i < cases; i++)
        {
            var expression = i % 4 == 0 ? new CastExpression(random.Boolean(depth), ProbeType.U8) : random.Value(depth);
            var machine = Machine(expression);
            for (var run = 0; run < 3; run++)
            {
                var context = random.Context();
                Assert.True(
                    Run(machine, expression.Type, context) == ExpressionOracle.Evaluate(expression, context),
                    $"case {i}: {expression} on {Convert.ToHexString(context)}: "
                    + $"{Run(machine, expression.Type, context)}, not {ExpressionOracle.Evaluate(expression, context)}");
            }
        }
    }

    [Fact]
    public void A_condition_decides_as_its_operators_define()
    {
        var random = new RandomExpressions(9);
        for (var i = 0; i < 1500; i++)
        {
            var condition = random.Boolean(1 + i % 4);
            var program = TestProbes.Program(emissions: TestProbes.Emission(0, null)) with
            {
                Conditions = [new BoundCondition(condition, TestProbes.Line)],
            };
            var machine = new BpfMachine(ProbeCompiler.Compile(TestProbes.Single(program, TestProbes.Emitter(EmitterKind.Counter))).Object);
            var context = random.Context();
            machine.Run(TestProbes.HitProgram, context);
            var counted = BitConverter.ToInt64(machine.Bytes(machine.Map("series0").Lookup(new byte[4])));
            Assert.True(counted == (long)ExpressionOracle.Evaluate(condition, context), $"case {i}: {condition} on {Convert.ToHexString(context)}");
        }
    }

    private static BpfMachine Machine(TypedExpression expression)
    {
        var emitter = TestProbes.Emitter(EmitterKind.Gauge) with { Gauge = GaugeMode.Last, IsSigned = expression.Type.IsSigned };
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, expression));
        return new(ProbeCompiler.Compile(TestProbes.Single(program, emitter)).Object);
    }

    private static BigInteger Run(BpfMachine machine, ProbeType type, byte[] context)
    {
        machine.Run(TestProbes.HitProgram, context);
        var value = machine.Bytes(machine.Map("series0").Lookup(new byte[4]));
        Assert.Equal(1, BitConverter.ToInt64(value));
        return type.IsSigned ? BitConverter.ToInt64(value, 8) : BitConverter.ToUInt64(value, 8);
    }
}
