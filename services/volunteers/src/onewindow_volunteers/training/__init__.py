"""What volunteers were trained in (志愿服务条例 art. 16, 民政部令第67号 art. 8)."""
