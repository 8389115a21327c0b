"""Small pages: large letters, no script, nothing from anywhere else."""

from base64 import b64encode
from datetime import date
from hashlib import sha256

STYLE = (
    "body{font:1.5rem/1.6 sans-serif;margin:2rem auto;max-width:36rem;padding:0 1rem;color:#111}"
    "button{font:inherit;padding:.8rem 1.6rem;border:2px solid #111;background:#0b5;color:#000}"
)
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )


def question(answer_by: date) -> str:
    """Return the page that asks."""
    until = f"{answer_by.year}年{answer_by.month}月{answer_by.day}日"
    return _page(
        "您还愿意继续做志愿者吗？",
        f"<p>您已有较长时间没有参加志愿服务。请在{until}之前答复；到期未答复的，您的注册将转为停用，"
        "资料和服务时间不会删除，您随时可以恢复。</p>"
        '<form method="post"><button type="submit">我愿意继续</button></form>',
    )


OVER = _page(
    "这个链接已经失效",
    "<p>链接不正确，或者答复期限已过。您的资料和服务时间都还在：登录后可以查看自己的注册，"
    "已经停用的可以恢复，也可以到社区办理。</p>",
)
THANKS = _page("谢谢您！", "<p>您的志愿者注册继续有效。</p>")
