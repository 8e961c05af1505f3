using System.Collections;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using HilRig.Model;
using HilRig.Model.Sequences;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Model.Sequences;

/// <summary>What must hold for any sequence and any text; a failure prints the seed that repeats it.</summary>
public partial class SequenceProperties
{
    private static readonly string[] Shipped = Directory.GetFiles(TestBoard.RepositoryFile("test-suites/sequences"), "*.yaml", SearchOption.AllDirectories);

    [Test]
    public void What_is_printed_reads_as_the_same_sequence() =>
        Prop.ForAll(Arb.From(DrawnSequence.Any), sequence =>
        {
            var text = SequencePrinter.Print(sequence);
            var read = SequenceFile.Parse("s.yaml", text);
            return (Shape(read) == Shape(sequence) && SequencePrinter.Print(read) == text).Label($"{text}\n--- drawn\n{Shape(sequence)}\n--- read\n{Shape(read)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Extent.IsFull ? 10_000 : 500));

    [TestCaseSource(nameof(Shipped))]
    public void A_shipped_sequence_survives_printing(string path)
    {
        var sequence = SequenceFile.Load(path);

        Assert.That(Shape(SequenceFile.Parse("s.yaml", SequencePrinter.Print(SequenceFile.Parse("s.yaml", sequence.Text)))), Is.EqualTo(Shape(SequenceFile.Parse("s.yaml", sequence.Text))));
    }

    [Test]
    public void Any_text_is_a_sequence_or_a_mistake_with_a_place()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var count = Extent.IsFull ? 200_000 : 4_000;
        TestContext.Out.WriteLine($"seed {seed}, {count} bent texts");
        var random = new Random(seed);
        var texts = Shipped.Select(File.ReadAllText).ToList();
        var read = 0;
        for (var number = 0; number < count; number++)
        {
            var text = Bend(texts, random);
            try
            {
                _ = Variants.Of(SequenceFile.Parse("s.yaml", text));
                read++;
            }
            catch (BadInputException problem)
            {
                Assert.That(problem.Message, Does.Match(Place()), text);
            }
        }
        Assert.That(read, Is.InRange(count / 50, count - (count / 50)), "texts that are never, or always, a sequence try nothing");
    }

    private static string Bend(List<string> texts, Random random)
    {
        var text = new StringBuilder(texts[random.Next(texts.Count)]);
        for (var times = random.Next(1, 4); times > 0 && text.Length > 1; times--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 30), text.Length - at);
            var other = texts[random.Next(texts.Count)];
            var from = random.Next(other.Length);
            switch (random.Next(6))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, text.ToString(at, length)); break;
                case 2: text.Insert(at, other.AsSpan(from, Math.Min(length, other.Length - from))); break;
                case 3: text[at] = (char)random.Next(1, 0x250); break;
                case 4: text.Insert(at, "{}[]:,-#&*!|>'\"%@`$~\n\t "[random.Next(23)]); break;
                default: text.Length = at; break;
            }
        }
        return text.ToString();
    }

    /// <summary>Everything a sequence says, without where it stood.</summary>
    private static string Shape(object? value) => value switch
    {
        null => "none",
        string text => $"\"{text}\"",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Shape))}]",
        _ when value.GetType().Namespace != typeof(Sequence).Namespace || value is Enum => value.ToString()!,
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties()
            .Where(property => property.Name is not ("Position" or "File" or "Text" or "EqualityContract" or "Children" or "Unmet") || value is ImageSource)
            .Where(property => property.CanWrite)
            .Select(property => $"{property.Name}={Shape(property.GetValue(value))}"))})",
    };

    [GeneratedRegex(@"^s\.yaml:\d+:\d+: \S")]
    private static partial Regex Place();
}
