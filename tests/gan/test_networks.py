import torch

from oscar_gan.gan.networks import FEATURES, Analyser, Discriminator, count_parameters


def test_the_analyser_stays_below_half_a_million_parameters():
    assert 100_000 < count_parameters(Analyser()) < 500_000


def test_the_analyser_answers_at_the_photos_size():
    seen = Analyser((8, 8, 16, 16, 16)).eval()(torch.rand(2, 3, 64, 96))
    assert seen.matte.shape == seen.keep.shape == (2, 1, 64, 96)
    assert seen.features.shape == (2, FEATURES)


def test_the_discriminator_judges_each_image_by_itself():
    judge = Discriminator((8, 8, 16))
    torch.nn.init.normal_(judge.judge.weight)
    images = torch.rand(4, 3, 33, 33)
    together = judge(images).logits
    alone = torch.cat([judge(image[None]).logits for image in images])
    assert torch.allclose(together, alone, atol=1e-5)


def test_the_discriminator_starts_without_an_opinion():
    judged = Discriminator((8, 8, 16))(torch.rand(3, 3, 32, 32))
    assert judged.logits.tolist() == [0, 0, 0]
    assert judged.code.shape == judged.log_variance.shape == (3, 3)
