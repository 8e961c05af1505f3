using System.Reflection;
using System.Reflection.Emit;
using HilRig.VirtualBoard.Faults;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>A fault changes the world, never the answer: no type in Faults/ can build a packet or choose a status.</summary>
public class FaultArchitectureTests
{
    [Test]
    public void No_fault_touches_the_codec_or_the_bootloader()
    {
        var types = typeof(FaultCatalog).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(FaultCatalog).Namespace)
            .ToList();
        Assert.That(types, Has.Count.GreaterThan(10));
        Assert.That(TokensOf(typeof(HilRig.VirtualBoard.Board)).Any(IsForbidden), Is.True, "the search finds what is there");
        foreach (var type in types)
            Assert.That(TokensOf(type).Where(IsForbidden), Is.Empty, type.FullName);
    }

    private static bool IsForbidden(Type used) =>
        used.Namespace is "HilRig.Kboot" or "HilRig.VirtualBoard.Bootloader";

    /// <summary>Every type that a type's fields, variables and instructions mention.</summary>
    private static IEnumerable<Type> TokensOf(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(all))
            yield return field.FieldType;
        foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
        {
            foreach (var variable in method.GetMethodBody()?.LocalVariables ?? [])
                yield return variable.LocalType;
            foreach (var parameter in method.GetParameters())
                yield return parameter.ParameterType;
            foreach (var token in MemberTokens(method.GetMethodBody()?.GetILAsByteArray() ?? []))
            {
                var member = method.Module.ResolveMember(token, type.IsGenericType ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);
                if ((member as Type ?? member?.DeclaringType) is { } used)
                    yield return used;
            }
        }
    }

    private static IEnumerable<int> MemberTokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            var instruction = Instructions[value];
            at += instruction.Size;
            if (instruction.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok)
                yield return BitConverter.ToInt32(code, at);
            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(instruction => instruction.Value);
}
