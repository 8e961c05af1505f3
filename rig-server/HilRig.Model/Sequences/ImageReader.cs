using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>image: app.bin</c>, <c>image: {file: app.bin, address: $address}</c> or <c>image: {size: 1025, seed: 7}</c>.</summary>
internal static class ImageReader
{
    public static ImageSource? Read(StepReader reader, YamlNode? node)
    {
        if (node is null)
            return null;
        if (node is YamlScalarNode { Value: { Length: > 0 } path })
            return new ImageSource(new StepArgument("file", path, node.PositionIn(reader.File)), null, null, null);
        var options = reader.Options(node, "image", "file", "size", "seed", "address");
        var (file, size, seed) = (reader.OptionOrNone(options, "file"), reader.OptionOrNone(options, "size"), reader.OptionOrNone(options, "seed"));
        if (file is null == size is null || (file is not null && seed is not null))
            throw options.Error(reader.File, "`image` is a file (`file: app.bin`) or made (`size: 1025`, and a `seed:` where two shall differ)");
        return new ImageSource(file, size, seed, reader.OptionOrNone(options, "address"));
    }
}
